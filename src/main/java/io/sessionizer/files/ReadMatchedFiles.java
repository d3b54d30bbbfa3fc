package io.sessionizer.files;

import io.sessionizer.config.Settings;
import io.sessionizer.visits.ConsumedBatch;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.io.BoundedSource.BoundedReader;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Reads visits from the files that globs match when the job runs, so that the job can be made where
 * the files cannot be read. {@link ReadFiles} matches them before, and says how many bytes are to
 * be read.
 */
public final class ReadMatchedFiles extends ReadVisitFiles {
  private static final long serialVersionUID = 1L;

  private final List<String> globs;
  private final LineSource lines;

  private ReadMatchedFiles(List<String> globs, LineSource lines) {
    this.globs = globs;
    this.lines = lines;
  }

  /**
   * Reads files.
   *
   * @param globs which files; the job fails if one of them matches none
   */
  public static ReadMatchedFiles from(List<String> globs, Settings settings) {
    return new ReadMatchedFiles(
        globs,
        LineSource.of(
            List.of(),
            settings.inputFormat(),
            settings.maxRecordBytes(),
            settings.maxFutureSkew()));
  }

  @Override
  public PCollection<ConsumedBatch> expand(PBegin begin) {
    return begin
        .apply("CreateGlobs", Create.of(globs).withCoder(StringUtf8Coder.of()))
        .apply(
            "MatchFiles", FileIO.matchAll().withEmptyMatchTreatment(EmptyMatchTreatment.DISALLOW))
        .apply("NameFiles", ParDo.of(new NameFilesFn()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
        .apply("DropRepeatedFiles", Distinct.create())
        .apply("DivideFiles", ParDo.of(new DivideFilesFn()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), OffsetRange.Coder.of()))
        .apply("Redistribute", Reshuffle.viaRandomKey())
        .apply("ReadLines", ParDo.of(new ReadLinesFn(lines)))
        .setCoder(ConsumedBatch.CODER);
  }

  private static final class NameFilesFn extends DoFn<Metadata, KV<String, Long>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void name(@Element Metadata file, OutputReceiver<KV<String, Long>> out) {
      if (!file.resourceId().isDirectory()) {
        out.output(KV.of(file.resourceId().toString(), file.sizeBytes()));
      }
    }
  }

  private static final class DivideFilesFn extends DoFn<KV<String, Long>, KV<String, OffsetRange>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void divide(@Element KV<String, Long> file, OutputReceiver<KV<String, OffsetRange>> out)
        throws IOException {
      for (LineRange range : LineSource.ranges(InputFile.of(file.getKey(), file.getValue()))) {
        out.output(KV.of(file.getKey(), new OffsetRange(range.from(), range.to())));
      }
    }
  }

  private static final class ReadLinesFn extends DoFn<KV<String, OffsetRange>, ConsumedBatch> {
    private static final long serialVersionUID = 1L;
    private final LineSource lines;

    ReadLinesFn(LineSource lines) {
      this.lines = lines;
    }

    @ProcessElement
    public void read(
        @Element KV<String, OffsetRange> part,
        PipelineOptions options,
        OutputReceiver<ConsumedBatch> out)
        throws IOException {
      OffsetRange range = part.getValue();
      boolean isSplittable = range.getTo() < Long.MAX_VALUE;
      InputFile file = new InputFile(part.getKey(), isSplittable ? range.getTo() : 0, isSplittable);
      LineSource source = lines.ofRange(new LineRange(file, range.getFrom(), range.getTo()));
      try (BoundedReader<ConsumedBatch> reader = source.createReader(options)) {
        for (boolean more = reader.start(); more; more = reader.advance()) {
          out.output(reader.getCurrent());
        }
      }
    }
  }
}

package io.sessionizer.cli;

import io.sessionizer.generator.Traffic;
import io.sessionizer.generator.TrafficMix;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Flags of the generated traffic. */
final class TrafficFlags {
  @Option(
      names = "--visits",
      paramLabel = "COUNT",
      description = "number of records [${DEFAULT-VALUE}]")
  private long visits = 100_000;

  @Option(
      names = "--visitors",
      paramLabel = "COUNT",
      description = "visitors on the site at any moment [${DEFAULT-VALUE}]")
  private int visitors = 1000;

  @Option(
      names = "--startTime",
      paramLabel = "INSTANT",
      converter = InstantConverter.class,
      description = "event time of the first visit [${DEFAULT-VALUE}]")
  private Instant startTime = Instant.parse("2024-01-01T00:00:00Z");

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "seed of the generated visits [${DEFAULT-VALUE}]")
  private long seed = 1;

  @Option(
      names = "--outOfOrder",
      paramLabel = "PERCENT",
      description = "records up to 59 s behind newer ones [0]")
  private double outOfOrder;

  @Option(
      names = "--late",
      paramLabel = "PERCENT",
      description = "records 2 minutes to 3 hours behind newer ones [0]")
  private double late;

  @Option(
      names = "--duplicates",
      paramLabel = "PERCENT",
      description = "records that repeat an earlier one [0]")
  private double duplicates;

  /** With the name that the flag had in earlier versions. */
  @Option(
      names = {"--malformed", "--broken"},
      paramLabel = "PERCENT",
      description = "malformed records [0]")
  private double malformed;

  /**
   * Returns the traffic that the flags describe.
   *
   * @param problems receives one line per invalid flag; the traffic is valid only if it stays empty
   */
  Traffic traffic(List<String> problems) {
    TrafficMix mix =
        checked(
            () -> new TrafficMix(outOfOrder, late, duplicates, malformed),
            TrafficMix.ALL_ON_TIME,
            problems);
    return checked(
        () -> new Traffic(visits, visitors, startTime, seed, mix),
        new Traffic(0, 1, Instant.EPOCH, 0, mix),
        problems);
  }

  /** Returns the value, or the substitute if a flag of the value is invalid. */
  static <T> T checked(Supplier<T> value, T substitute, List<String> problems) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      String flags =
          Objects.requireNonNull(e.getMessage(), "Traffic and TrafficMix name the flags");
      flags.lines().map(line -> "--" + line).forEach(problems::add);
      return substitute;
    }
  }

  private static final class InstantConverter implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw new TypeConversionException("must be a time such as 2024-01-01T00:00:00Z");
      }
    }
  }
}

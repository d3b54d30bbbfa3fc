package io.sessionizer.bench;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bars of visits per CPU-second, as an SVG. */
final class ResultPlot {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 480;

  /** Contenders of a kind have a colour, darker with their state in RocksDB. */
  private static final Map<Contender, Color> COLOURS =
      Map.ofEntries(
          Map.entry(Contender.STATEFUL_HEAP, new Color(0xE6550D)),
          Map.entry(Contender.STATEFUL_ROCKSDB, new Color(0xA63603)),
          Map.entry(Contender.WINDOWS_HEAP, new Color(0xFDAE6B)),
          Map.entry(Contender.WINDOWS_ROCKSDB, new Color(0xFD8D3C)),
          Map.entry(Contender.NATIVE_HEAP, new Color(0x6BAED6)),
          Map.entry(Contender.NATIVE_ROCKSDB, new Color(0x2171B5)),
          Map.entry(Contender.STREAMS_MEMORY, new Color(0x74C476)),
          Map.entry(Contender.STREAMS_ROCKSDB, new Color(0x238B45)),
          Map.entry(Contender.SESSIONIZER, new Color(0xE6550D)),
          Map.entry(Contender.DUCKDB, new Color(0xFEC44F)),
          Map.entry(Contender.SPARK_SQL, new Color(0x9E9AC8)),
          Map.entry(Contender.FLOOR, new Color(0xBDBDBD)));

  private ResultPlot() {}

  /** Draws what is known; nothing if that is nothing. */
  static void write(BenchmarkResults results, Path file) throws IOException {
    if (!results.runs().isEmpty()) {
      VectorGraphicsEncoder.saveVectorGraphic(
          chart(results), file.toString(), VectorGraphicsFormat.SVG);
    }
  }

  private static CategoryChart chart(BenchmarkResults results) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Visits per CPU-second")
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setAvailableSpaceFill(0.9);
    chart.getStyler().setXAxisLabelRotation(20);
    Set<Contender> contenders = EnumSet.noneOf(Contender.class);
    results.runs().values().forEach(runs -> contenders.addAll(runs.keySet()));
    List<Scenario> scenarios = List.copyOf(results.runs().keySet());
    List<String> names = scenarios.stream().map(ResultPlot::label).toList();
    for (Contender contender : contenders) {
      List<Double> bars = new ArrayList<>();
      for (Scenario scenario : scenarios) {
        bars.add(results.median(scenario, contender, Run::visitsPerCpuSecond));
      }
      chart.addSeries(contender.toString(), names, bars).setFillColor(COLOURS.get(contender));
    }
    return chart;
  }

  private static String label(Scenario scenario) {
    return String.format(
        Locale.ROOT,
        "%s %.1f M%s",
        scenario.workload(),
        scenario.visits() / 1e6,
        scenario.archives() ? ", archives" : "");
  }
}

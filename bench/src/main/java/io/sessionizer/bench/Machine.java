package io.sessionizer.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The processes as Linux reports them; on other systems nothing is known. */
final class Machine {
  private static final Path PROC = Path.of("/proc");
  private static final double TICKS_PER_SECOND = 100;

  private Machine() {}

  /** Returns the most memory that a process has had, in bytes, or 0 if it is not known. */
  static long peakResidentBytes(long pid) {
    try {
      for (String line : Files.readAllLines(PROC.resolve(pid + "/status"))) {
        if (line.startsWith("VmHWM:")) {
          return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      return 0; // it has just ended
    }
    return 0;
  }

  /** Returns the CPU time that a process has taken so far, in seconds. */
  static double cpuSeconds(ProcessHandle process) {
    return process.info().totalCpuDuration().map(cpu -> cpu.toMillis() / 1e3).orElse(0.0);
  }

  /** Returns the CPU time that all processes together have taken since the machine started. */
  static double busyCpuSeconds() {
    try {
      List<String> stat = Files.readAllLines(PROC.resolve("stat"));
      String[] cpu = stat.get(0).split(" +", -1);
      // user, nice, system; then idle and waiting; then interrupts
      double ticks = 0;
      for (int field : new int[] {1, 2, 3, 6, 7}) {
        ticks += Double.parseDouble(cpu[field]);
      }
      return ticks / TICKS_PER_SECOND;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Returns the CPU's name, if it is known. */
  static Optional<String> cpu() {
    try {
      return Files.readAllLines(PROC.resolve("cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.replaceFirst(".*: *", ""))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Returns the machine's memory in bytes, or 0 if it is not known. */
  static long memoryBytes() {
    try {
      return 1024
          * Long.parseLong(
              Files.readAllLines(PROC.resolve("meminfo")).get(0).replaceAll("\\D", ""));
    } catch (IOException e) {
      return 0;
    }
  }
}

package nn.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * Runs work until the JVM has compiled it, however busy the machine is: until for half a second
 * nothing was compiled and nothing became faster. A vector kernel that is still interpreted is a
 * hundred times slower, so warming up for a fixed time can be no warming up at all.
 */
final class WarmUp {
  private static final long WINDOW_NANOS = 100_000_000;
  private static final int QUIET_WINDOWS = 5;
  private static final long MOST_NANOS = 10_000_000_000L;
  private static final double FASTER = 0.9;

  private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
  private final Runnable work;
  private double best = Double.POSITIVE_INFINITY;

  private WarmUp(Runnable work) {
    this.work = work;
  }

  static void run(Runnable work) {
    WarmUp warmUp = new WarmUp(work);
    long start = System.nanoTime();
    int quiet = 0;
    while (quiet < QUIET_WINDOWS && System.nanoTime() - start < MOST_NANOS) {
      quiet = warmUp.isQuiet() ? quiet + 1 : 0;
    }
  }

  /** Runs for one window: did nothing change? */
  private boolean isQuiet() {
    long compiled = compiler.getTotalCompilationTime();
    long start = System.nanoTime();
    long runs = 0;
    long nanos;
    do {
      work.run();
      runs++;
      nanos = System.nanoTime() - start;
    } while (nanos < WINDOW_NANOS);
    double each = nanos / (double) runs;
    boolean faster = each < FASTER * best;
    best = Math.min(best, each);
    return !faster && compiler.getTotalCompilationTime() == compiled;
  }
}

package nn.tck;

import java.time.Duration;
import java.util.Locale;
import nn.backend.Backend;
import nn.backend.Work;

/**
 * How fast a backend does a case.
 *
 * @param name the case's name
 * @param nanos the shortest time of a run
 * @param work what a run amounts to
 */
public record Speed(String name, long nanos, Work work) {

  /** Runs a case again and again for a while, and at least 5 times. */
  public static Speed of(Backend backend, Computation computation, Duration budget) {
    try (Computation.Prepared prepared = computation.prepare(backend)) {
      long end = System.nanoTime() + budget.toNanos();
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 5 || System.nanoTime() < end; i++) {
        best = Math.min(best, backend.time(prepared::run));
      }
      return new Speed(computation.name(), Math.max(1, best), prepared.work());
    }
  }

  public double gigaflops() {
    return (double) work.flops() / nanos;
  }

  public double gigabytes() {
    return (double) work.bytes() / nanos;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %.1f us, %.2f GFLOP/s, %.2f GB/s",
        name,
        nanos / 1e3,
        gigaflops(),
        gigabytes());
  }
}

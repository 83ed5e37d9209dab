package nn.bench;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A picture of what was measured, for a {@link Drawing}. */
public sealed interface Figure {
  /** What it shows. */
  String title();

  /** The end of a title. */
  static String onThreads(int threads) {
    return threads == 1 ? ", 1 thread" : ", " + threads + " threads";
  }

  /**
   * Bars that stand in groups.
   *
   * @param measure what their heights are, with its unit
   * @param logarithmic whether heights are by powers of ten
   * @param groups the names of the groups
   * @param series for each name the height of its bar in each group, null where it has none
   */
  record Bars(
      String title,
      String measure,
      boolean logarithmic,
      List<String> groups,
      Map<String, List<@Nullable Double>> series)
      implements Figure {}

  /**
   * A roofline (Williams, Waterman and Patterson, 2009): how fast work is against how much of it
   * there is for each byte that has to be moved. A roof is what a copy moves, and what the
   * processor computes at best; a pass that writes where it has read may move more than a copy.
   *
   * @param peak GFLOP/s of computing alone, NaN if not known
   * @param levels of memory, fastest first
   */
  record Roofline(String title, double peak, List<Level> levels) implements Figure {}

  /**
   * Memory of about one size.
   *
   * @param name how large
   * @param bandwidth GB/s of a copy
   * @param passes over it
   */
  record Level(String name, double bandwidth, List<Pass> passes) {}

  /**
   * A pass over memory.
   *
   * @param intensity FLOP for each byte moved
   * @param gflops GFLOP/s reached
   */
  record Pass(String name, double intensity, double gflops) {}
}

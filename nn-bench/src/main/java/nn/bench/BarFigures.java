package nn.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gathers bars as they are measured: a figure for each number of threads. */
final class BarFigures {
  /** One figure's bars: the height for each group, by series. */
  private record Heights(Set<String> groups, Map<String, Map<String, Double>> bySeries) {
    Heights() {
      this(new LinkedHashSet<>(), new LinkedHashMap<>());
    }

    void add(String group, String series, double height) {
      groups.add(group);
      bySeries.computeIfAbsent(series, s -> new LinkedHashMap<>()).put(group, height);
    }

    Map<String, List<@Nullable Double>> series() {
      Map<String, List<@Nullable Double>> lists = new LinkedHashMap<>();
      bySeries.forEach((name, heights) -> {
        List<@Nullable Double> list = new ArrayList<>();
        groups.forEach(group -> list.add(heights.get(group)));
        lists.put(name, list);
      });
      return lists;
    }
  }

  private final String title;
  private final String measure;
  private final boolean logarithmic;
  private final Map<Integer, Heights> byThreads = new LinkedHashMap<>();

  /**
   * Figures without bars.
   *
   * @param title to which the number of threads is added
   */
  BarFigures(String title, String measure, boolean logarithmic) {
    this.title = title;
    this.measure = measure;
    this.logarithmic = logarithmic;
  }

  void add(int threads, String group, String series, double height) {
    byThreads.computeIfAbsent(threads, t -> new Heights()).add(group, series, height);
  }

  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    byThreads.forEach((threads, heights) ->
        figures.add(
            new Figure.Bars(
                title + Figure.onThreads(threads),
                measure,
                logarithmic,
                List.copyOf(heights.groups()),
                heights.series())));
    return figures;
  }
}

package nn.tune;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a trial.
 *
 * @param score the larger the better; NaN for a trial that failed, which counts as the worst
 * @param curves numbers worth keeping, by name, such as the accuracy after each epoch; finite
 */
public record Outcome(double score, Map<String, List<Double>> curves) {

  public Outcome {
    Map<String, List<Double>> copy = new LinkedHashMap<>();
    curves.forEach((name, values) -> {
      if (!values.stream().allMatch(Double::isFinite)) {
        throw new IllegalArgumentException("curve \"" + name + "\" is not finite: " + values);
      }
      copy.put(name, List.copyOf(values));
    });
    curves = Collections.unmodifiableMap(copy);
  }

  /** Of a trial that came to nothing. */
  public static Outcome failed() {
    return new Outcome(Double.NaN, Map.of());
  }

  /** A curve, empty if there is none of that name. */
  public List<Double> curve(String name) {
    return curves.getOrDefault(name, List.of());
  }
}

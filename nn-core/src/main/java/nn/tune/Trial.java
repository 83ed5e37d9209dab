package nn.tune;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One choice of hyperparameters to be tried.
 *
 * @param round the name of the round it belongs to
 * @param number within the round, from 0
 * @param seed of everything random in it
 * @param values by the hyperparameter's name, in the order of the ranges
 */
public record Trial(String round, int number, long seed, Map<String, Double> values) {

  public Trial {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** A trial that follows from the arguments alone, whatever was tried before. */
  static Trial draw(String round, int number, List<Range> ranges, long seed) {
    SplittableRandom parent = new SplittableRandom(seed ^ round.hashCode());
    SplittableRandom own = parent.split();
    for (int i = 0; i < number; i++) {
      own = parent.split();
    }
    Map<String, Double> values = new LinkedHashMap<>();
    for (Range range : ranges) {
      values.put(range.name(), range.draw(own));
    }
    return new Trial(round, number, own.nextLong(), values);
  }

  /** A hyperparameter's value. */
  public double value(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "no hyperparameter is called \"" + name + "\"; there are: " + values.keySet());
    }
    return value;
  }
}

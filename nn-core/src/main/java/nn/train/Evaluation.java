package nn.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import nn.data.Dataset;
import nn.metric.ConfusionMatrix;

/**
 * How a classifier does on a data set.
 *
 * @param confusion how often each class is taken for each other
 * @param loss mean cross entropy: of {@code -log p}, p being the probability of the example's class
 * @param mistakes all of them, those with the least probable true class first
 */
public record Evaluation(ConfusionMatrix confusion, double loss, List<Mistake> mistakes) {
  public Evaluation {
    mistakes = List.copyOf(mistakes);
  }

  /**
   * Classifies every example.
   *
   * @param data at least one example, of the model's size and number of classes
   * @throws IllegalArgumentException if the data do not fit the model
   */
  public static Evaluation of(Predictor predictor, Dataset data) {
    int classes = predictor.info().classes().size();
    if (data.size() == 0 || data.classes() != classes) {
      throw new IllegalArgumentException(
          "a model of %d classes cannot be judged by %s".formatted(classes, data));
    }
    float[] probabilities = predictor.probabilities(data);
    int[] predicted = predictor.classes(data);
    List<Mistake> mistakes = new ArrayList<>();
    double loss = 0;
    for (int i = 0; i < predicted.length; i++) {
      int label = data.labels()[i];
      double ofLabel = probabilities[i * classes + label];
      loss -= Math.log(Math.max(ofLabel, Float.MIN_NORMAL));
      if (predicted[i] != label) {
        double ofPredicted = probabilities[i * classes + predicted[i]];
        mistakes.add(new Mistake(i, label, predicted[i], ofLabel, ofPredicted));
      }
    }
    mistakes.sort(Comparator.comparingDouble(Mistake::ofLabel));
    return new Evaluation(
        new ConfusionMatrix(predicted, data.labels(), classes), loss / data.size(), mistakes);
  }
}

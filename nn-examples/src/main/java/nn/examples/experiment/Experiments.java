package nn.examples.experiment;

import java.util.List;
import java.util.function.Supplier;

/** The experiments, in the order of the chapters. */
public final class Experiments {
  private Experiments() {}

  /** Makes each anew, with its options unset. */
  public static List<Supplier<Experiment>> all() {
    return List.of(
        LossValues::new,
        GradientDescent::new,
        LinearRegression::new,
        TwoLayerNet::new,
        NumericalGradient::new,
        OptimizerPaths::new,
        OptimizerCompare::new,
        ActivationHistogram::new,
        WeightInitCompare::new,
        BatchNormCompare::new,
        Overfit::new,
        HyperparameterSearch::new,
        Ensemble::new);
  }
}

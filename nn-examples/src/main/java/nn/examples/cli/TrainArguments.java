package nn.examples.cli;

import picocli.CommandLine.Mixin;

/** The options that every command of {@code nn train} takes. */
final class TrainArguments {
  @Mixin private ModelOptions model;
  @Mixin private TrainingOptions training;
  @Mixin private RunOptions run;

  ModelOptions model() {
    return model;
  }

  TrainingOptions training() {
    return training;
  }

  RunOptions run() {
    return run;
  }
}

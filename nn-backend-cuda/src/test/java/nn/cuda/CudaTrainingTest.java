package nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.cuda.emulator.Emulator;
import nn.data.Mnist;
import nn.init.Initializers;
import nn.layer.Activations;
import nn.layer.Layer;
import nn.layer.Models;
import nn.loss.Losses;
import nn.optim.Adam;
import nn.train.Trainer;
import nn.train.TrainerOptions;
import org.junit.jupiter.api.Test;

/** Trained alike, the emulated card and the processor lose alike. */
class CudaTrainingTest {
  private static final int STEPS = 100;

  @Test
  void losesWhatTheProcessorLoses() throws Exception {
    Emulator emulator = Emulator.require();
    List<Float> expected;
    try (Backend cpu = Backends.choose("cpu").create(new BackendOptions(1))) {
      expected = losses(cpu);
    }
    List<Float> actual;
    try (Backend cuda = EmulatedBackends.open()) {
      actual = losses(cuda);
    }
    assertThat(expected).hasSize(STEPS);
    for (int i = 0; i < STEPS; i++) {
      double loss = expected.get(i);
      assertThat((double) actual.get(i)).as("step %d", i).isCloseTo(loss, within(1e-4 * loss));
    }
    assertThat(actual.getLast()).isLessThan(0.7f * actual.getFirst());
    assertThat(emulator.violations()).isEmpty();
    assertThat(emulator.living()).isEmpty();
  }

  private static List<Float> losses(Backend backend) throws Exception {
    Mnist mnist = Mnist.mini();
    Layer model = Models.mlp(784, new int[] {48, 32}, 10, Activations::relu, Initializers.he());
    TrainerOptions options =
        TrainerOptions.of(32, 1, 42, new Adam(), 0.001).withStepsPerEpoch(STEPS);
    try (Trainer trainer = new Trainer(backend, model, Losses::softmaxCrossEntropy, options)) {
      return trainer.fit(mnist.train(), mnist.test(), List.of()).losses();
    }
  }
}

package nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import nn.backend.DType;
import nn.backend.reference.ReferenceBackend;
import nn.data.DataException;
import nn.data.Dataset;
import nn.data.SafeTensors;
import nn.init.Initializers;
import nn.layer.Activations;
import nn.layer.Layer;
import nn.layer.Models;
import nn.loss.Losses;
import nn.optim.Adam;
import nn.optim.Momentum;
import nn.optim.Schedules;
import nn.optim.Sgd;
import nn.tensor.Parameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckpointTest {
  private static final Dataset TRAIN = Clusters.of(230, 1); // seven batches of 32 and one of 6
  private static final Dataset TEST = Clusters.of(60, 2);
  private static final int STEPS = 3 * 8;
  private static final TrainerOptions OPTIONS =
      TrainerOptions.of(32, 3, 42, new Adam(), 0.01).withSchedule(Schedules.oneCycle(0.3));

  private final ReferenceBackend backend = new ReferenceBackend();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    backend.close();
  }

  private static Layer model(int hidden) {
    return Models.mlp(
        TRAIN.features(),
        new int[] {hidden},
        Clusters.CLASSES,
        Activations::relu,
        Initializers.he(),
        true,
        0.2);
  }

  private Trainer trainer(TrainerOptions options) {
    return new Trainer(backend, model(8), Losses::softmaxCrossEntropy, options);
  }

  /** What must be the same, bit for bit: losses, parameters, epochs but for their duration. */
  private record Run(List<Float> losses, List<List<Double>> values, List<String> epochs) {
    static Run of(Trainer trainer, History history) {
      List<List<Double>> values = new ArrayList<>();
      trainer
          .parameters()
          .declared()
          .forEach(parameter ->
              values.add(Arrays.stream(trainer.parameters().read(parameter)).boxed().toList()));
      List<String> epochs =
          history.epochs().stream()
              .map(e ->
                  "%d %s %s %s"
                      .formatted(e.epoch(), e.trainLoss(), e.trainAccuracy(), e.testAccuracy()))
              .toList();
      return new Run(history.losses(), values, epochs);
    }
  }

  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Ends the training like a crash would, once so many steps are done. */
  private static Listener crashAfter(int steps) {
    return new Listener() {
      @Override
      public void onSteps(int firstStep, float[] losses) {
        if (firstStep + losses.length >= steps) {
          throw new Crash();
        }
      }
    };
  }

  private Run uninterrupted(TrainerOptions options) {
    try (Trainer trainer = trainer(options)) {
      return Run.of(trainer, trainer.fit(TRAIN, TEST, List.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 100})
  void aCrashAtAnyStepChangesNothing(int every) throws IOException {
    Run expected = uninterrupted(OPTIONS);
    for (int crash = 1; crash <= STEPS; crash += 5 + every % 3) {
      assertThat(crashedAndResumed(OPTIONS, crash, every))
          .as("crash at " + crash)
          .isEqualTo(expected);
    }
  }

  @Test
  void drawsWithReplacementAndMomentumGoOnToo() throws IOException {
    TrainerOptions options =
        TrainerOptions.of(32, 3, 7, new Momentum(), 0.05).withStepsPerEpoch(5).withClipNorm(1);
    Run expected = uninterrupted(options);
    assertThat(crashedAndResumed(options, 9, 4)).isEqualTo(expected);
  }

  private Run crashedAndResumed(TrainerOptions options, int crash, int every) throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    try (Trainer trainer = trainer(options)) {
      trainer.keepCheckpoints(file, every, Map.of());
      assertThatThrownBy(() -> trainer.fit(TRAIN, TEST, List.of(crashAfter(crash))))
          .isInstanceOf(Crash.class);
    }
    try (Trainer trainer = trainer(options)) {
      trainer.resume(file, TRAIN);
      return Run.of(trainer, trainer.fit(TRAIN, TEST, List.of()));
    }
  }

  @Test
  void manyCrashesInARow() throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    SplittableRandom random = new SplittableRandom(3);
    for (int at = 0; at < STEPS - 3; at += random.nextInt(1, 4)) {
      int crash = at + 3;
      try (Trainer trainer = trainer(OPTIONS)) {
        trainer.keepCheckpoints(file, 2, Map.of());
        if (Files.exists(file)) {
          trainer.resume(file, TRAIN);
        }
        assertThatThrownBy(() -> trainer.fit(TRAIN, TEST, List.of(crashAfter(crash))))
            .isInstanceOf(Crash.class);
      }
    }
    try (Trainer trainer = trainer(OPTIONS)) {
      trainer.resume(file, TRAIN);
      assertThat(Run.of(trainer, trainer.fit(TRAIN, TEST, List.of())))
          .isEqualTo(uninterrupted(OPTIONS));
    }
  }

  @Test
  void listenersHearOfFormerEpochsAndFittingAgainGoesOn() throws IOException {
    Path file = crashed(18);
    List<Integer> epochs = new ArrayList<>();
    Listener listener =
        new Listener() {
          @Override
          public boolean onEpochEnd(EpochResult result) {
            epochs.add(result.epoch());
            return true;
          }
        };
    List<Float> resumed;
    try (Trainer trainer = trainer(OPTIONS)) {
      trainer.resume(file, TRAIN);
      trainer.fit(TRAIN, TEST, List.of(listener));
      assertThat(epochs).containsExactly(1, 2, 3);
      resumed = trainer.fit(TRAIN, null, List.of()).losses();
    }
    try (Trainer trainer = trainer(OPTIONS)) {
      trainer.fit(TRAIN, null, List.of());
      assertThat(resumed).isEqualTo(trainer.fit(TRAIN, null, List.of()).losses());
    }
  }

  private Path crashed(int steps) {
    Path file = folder.resolve("checkpoint.safetensors");
    try (Trainer trainer = trainer(OPTIONS)) {
      trainer.keepCheckpoints(file, 1, Map.of("note", "mine"));
      assertThatThrownBy(() -> trainer.fit(TRAIN, TEST, List.of(crashAfter(steps))))
          .isInstanceOf(Crash.class);
    }
    return file;
  }

  @Test
  void theUsersMetadataStay() throws IOException {
    assertThat(SafeTensors.read(crashed(3)).metadata())
        .containsEntry("note", "mine")
        .containsEntry("training.seed", "42")
        .containsEntry("training.optimizer", "Adam[beta1=0.9, beta2=0.999]")
        .containsEntry("training.data", "clusters " + TRAIN.sha256());
  }

  @Test
  void checkpointsOfOtherTrainingsAreRefused() {
    Path file = crashed(3);
    refused(file, OPTIONS.withClipNorm(3), TRAIN, "its clipping norm is 0.0, here it is 3.0");
    refused(file, TrainerOptions.of(32, 3, 42, new Sgd(), 0.01), TRAIN, "its optimizer is Adam");
    refused(file, TrainerOptions.of(32, 3, 41, new Adam(), 0.01), TRAIN, "its seed is 42");
    refused(file, OPTIONS, Clusters.of(230, 9), "its data is clusters");
    Layer wider = model(9);
    try (Trainer trainer = new Trainer(backend, wider, Losses::softmaxCrossEntropy, OPTIONS)) {
      assertThatThrownBy(() -> trainer.resume(file, TRAIN))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("another model");
    }
  }

  private void refused(Path file, TrainerOptions options, Dataset data, String message) {
    try (Trainer trainer = trainer(options)) {
      assertThatThrownBy(() -> trainer.resume(file, data))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining(message);
    }
  }

  @Test
  void filesThatAreNoCheckpointsAreRefused() throws IOException {
    Path file = crashed(3);
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {0, 5, 200, bytes.length / 2, bytes.length - 1}) {
      Files.write(file, Arrays.copyOf(bytes, length));
      refused(file, OPTIONS, TRAIN, "truncated");
    }
    Path model = folder.resolve("model.safetensors");
    Layer layer = model(8);
    try (Parameters values = new Parameters(backend, DType.F32, layer.parameters(), 1)) {
      ModelFile.save(model, layer, values, Map.of());
    }
    refused(model, OPTIONS, TRAIN, "is no checkpoint");
  }
}

package nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import nn.backend.reference.ReferenceBackend;
import nn.data.DataException;
import nn.data.Dataset;
import nn.init.Initializers;
import nn.layer.Activations;
import nn.layer.Architecture;
import nn.layer.Layer;
import nn.layer.Models;
import nn.loss.Losses;
import nn.optim.Adam;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PredictorTest {
  private static final Dataset TRAIN = Clusters.of(230, 1);
  private static final Dataset TEST =
      Clusters.of(600, 2).withClassNames(List.of("a", "b", "c", "d"));

  private final ReferenceBackend backend = new ReferenceBackend();
  private final Layer model =
      Models.mlp(36, new int[] {8}, 4, Activations::gelu, Initializers.he(), true, 0.1);
  private final ModelInfo info = ModelInfo.of(model, TEST);
  private final Trainer trainer =
      new Trainer(
          backend,
          model,
          Losses::softmaxCrossEntropy,
          TrainerOptions.of(32, 2, 1, new Adam(), 0.01));
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void train() {
    file = folder.resolve("model.safetensors");
    trainer.fit(TRAIN, null, List.of());
  }

  @AfterEach
  void close() {
    trainer.close();
    backend.close();
  }

  private void save(Map<String, String> metadata) throws IOException {
    ModelFile.save(file, model, trainer.parameters(), metadata);
  }

  @Test
  void whatAFileHoldsPredictsAsTheTrainedModelDid() throws IOException {
    save(info.metadata());
    float[] expected = new Predictor(info, trainer.parameters()).probabilities(TEST);
    try (Predictor predictor = Predictor.open(backend, file)) {
      assertThat(predictor.info().classes()).containsExactly("a", "b", "c", "d");
      assertThat(predictor.metadata()).containsEntry("input", "6x6x1");
      assertThat(predictor.probabilities(TEST)).isEqualTo(expected);
      assertThat(predictor.probabilities(TEST.take(0))).isEmpty();
    }
    int hits = 0;
    for (int i = 0; i < TEST.size(); i++) {
      double sum = 0;
      int best = 0;
      for (int c = 0; c < 4; c++) {
        sum += expected[4 * i + c];
        best = expected[4 * i + c] > expected[4 * i + best] ? c : best;
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
      hits += best == TEST.labels()[i] ? 1 : 0;
    }
    assertThat(hits / 600.0).isCloseTo(trainer.accuracy(TEST), within(1e-9)).isGreaterThan(0.5);
  }

  @Test
  void aCheckpointPredictsToo() throws IOException {
    try (Trainer other =
        new Trainer(backend, model, Losses::softmaxCrossEntropy, trainer.options())) {
      other.keepCheckpoints(file, 16, info.metadata());
      other.fit(TRAIN, null, List.of());
    }
    try (Predictor predictor = Predictor.open(backend, file)) {
      assertThat(predictor.probabilities(TEST))
          .isEqualTo(new Predictor(info, trainer.parameters()).probabilities(TEST));
    }
  }

  @Test
  void aFileOfOthersNeedsADescription() throws IOException {
    save(Map.of("format", "pt"));
    fails(Map.of(), "says nothing of its model's architecture");
    try (Predictor predictor = Predictor.open(backend, file, info.metadata())) {
      assertThat(predictor.info().rows()).isEqualTo(6);
    }
    String wider = "sequential(linear(36, 9), batch-norm(9, 0.9, 1e-5), gelu, linear(9, 4))";
    fails(description(wider, "6x6x1"), "0.weight has shape [36, 8], but the model's has [36, 9]");
    fails(description("sequential(linear(8, 36))", "6x6x1"), "PyTorch keeps");
    fails(description("sequential(linear(36, 8), linear(8, 4))", "6x6x1"), "1.weight");
    fails(description("tulip", "6x6x1"), "no layer is called \"tulip\"");
    fails(description("relu", "6x"), "ROWSxCOLSxCHANNELS");
    String here = Architecture.of(model);
    fails(description(here, "5x6x1"), "its layers do not fit");
    fails(
        Map.of("architecture", here, "input", "6x6x1", "classes", "a\nb\nc"),
        "tells 4 classes apart, but 3 have names");
  }

  private static Map<String, String> description(String architecture, String input) {
    return Map.of("architecture", architecture, "input", input, "classes", "a\nb\nc\nd");
  }

  private void fails(Map<String, String> description, String message) {
    assertThatThrownBy(() -> Predictor.open(backend, file, description).close())
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void imagesOfAnotherSizeAreRefused() throws IOException {
    Dataset small = Dataset.of("small", 5, 6, 1, 4, new byte[30], new int[1]);
    assertThatThrownBy(() -> new Predictor(info, trainer.parameters()).probabilities(small))
        .hasMessageContaining("takes images of [6, 6, 1], not [5, 6, 1]");
  }
}

package nn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import nn.backend.DType;
import nn.backend.reference.ReferenceBackend;
import nn.data.DataException;
import nn.init.Initializers;
import nn.layer.Activations;
import nn.layer.Layer;
import nn.layer.Models;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFileTest {
  @TempDir Path folder;
  private final ReferenceBackend backend = new ReferenceBackend();

  private static Layer model(int hidden) {
    return Models.mlp(5, new int[] {hidden}, 3, Activations::relu, Initializers.he(), true, 0);
  }

  private Parameters parameters(Layer model, long seed) {
    return new Parameters(backend, DType.F32, model.parameters(), seed);
  }

  @Test
  void whatIsSavedIsLoaded() throws IOException {
    Layer model = model(4);
    Parameters saved = parameters(model, 1);
    Parameters loaded = parameters(model, 2);
    Path file = folder.resolve("model.safetensors");
    ModelFile.save(file, model, saved, Map.of("seed", "1"));
    assertThat(ModelFile.load(file, model, loaded)).isEqualTo(Map.of("seed", "1"));
    for (Parameter p : model.parameters()) {
      assertThat(loaded.read(p)).isEqualTo(saved.read(p));
    }
  }

  @Test
  void anotherModelsFileChangesNothing() throws IOException {
    Layer model = model(4);
    Path file = folder.resolve("model.safetensors");
    ModelFile.save(file, model, parameters(model, 1), Map.of());
    Layer wider = model(6);
    Parameters untouched = parameters(wider, 3);
    double[] before = untouched.read(wider.parameters().getFirst());
    assertThatThrownBy(() -> ModelFile.load(file, wider, untouched))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("0.weight has shape [5, 4], but the model's has [5, 6]");
    assertThat(untouched.read(wider.parameters().getFirst())).isEqualTo(before);
  }

  @Test
  void namesThatTheModelLacksAreToldOf() throws IOException {
    Layer model = model(4);
    Path file = folder.resolve("model.safetensors");
    ModelFile.save(file, model, parameters(model, 1), Map.of());
    Layer smaller = Models.mlp(5, new int[] {}, 4, Activations::relu, Initializers.he());
    assertThatThrownBy(() -> ModelFile.load(file, smaller, parameters(smaller, 1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no parameters called");
  }

  @Test
  void aTruncatedFileIsToldOf() throws IOException {
    Layer model = model(4);
    Path file = folder.resolve("model.safetensors");
    ModelFile.save(file, model, parameters(model, 1), Map.of());
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 7));
    assertThatThrownBy(() -> ModelFile.load(file, model, parameters(model, 2)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("model.safetensors");
  }
}

package nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nn.backend.BackendOptions;
import nn.backend.Backends;
import nn.backend.NoBackendException;
import org.junit.jupiter.api.Test;

final class CudaProviderTest {
  @Test
  void isFoundAndSaysWhyItCannotRun() {
    assertThat(Backends.find())
        .filteredOn(found -> found.provider() instanceof CudaProvider)
        .singleElement()
        .satisfies(found -> assertThat(found.probe().isUsable()).isFalse())
        .satisfies(found -> assertThat(found.probe().reason()).contains("does not contain"));
  }

  @Test
  void isRefusedByNameAndPassedOverByAuto() {
    assertThatThrownBy(() -> Backends.choose("cuda"))
        .isInstanceOf(NoBackendException.class)
        .hasMessageContaining("cuda")
        .hasMessageContaining("--backend cpu");
    assertThat(Backends.choose(Backends.AUTO).explanation()).contains("not cuda");
  }

  @Test
  void isNotMade() {
    assertThatThrownBy(() -> new CudaProvider().create(BackendOptions.DEFAULT))
        .isInstanceOf(IllegalStateException.class);
  }
}

package nn.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private final List<String> asked = new ArrayList<>();

  private BackendProvider provider(String name, Supplier<Probe> answer) {
    return new BackendProvider() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int score() {
        return 1;
      }

      @Override
      public Probe probe() {
        asked.add(name);
        return answer.get();
      }

      @Override
      public Backend create(BackendOptions options) {
        throw new IllegalStateException();
      }
    };
  }

  private List<BackendProvider> providers() {
    Supplier<Probe> broken =
        () -> {
          throw new UnsatisfiedLinkError("no such symbol");
        };
    Probe lacking = Probe.unusable("it lacks a card", "Buy one");
    Probe usable = Probe.usable(new Device("slow", "a machine", "", 1, 1));
    return List.of(
        provider("broken", broken),
        provider("lacking", () -> lacking),
        provider("slow", () -> usable),
        provider("slower", () -> usable));
  }

  @Test
  void autoTakesTheFirstThatCanRunAndAsksNoFurther() {
    assertThat(Backends.choose(Backends.AUTO, providers()).explanation())
        .isEqualTo(
            "backend slow: a machine (not broken: its probe failed: "
                + "java.lang.UnsatisfiedLinkError: no such symbol; not lacking: it lacks a card)");
    assertThat(asked).containsExactly("broken", "lacking", "slow");
  }

  @Test
  void aNameIsAskedAlone() {
    assertThat(Backends.choose("slower", providers()).provider().name()).isEqualTo("slower");
    assertThat(asked).containsExactly("slower");
  }

  @Test
  void oneThatCannotRunIsRefusedByName() {
    assertThatThrownBy(() -> Backends.choose("lacking", providers()))
        .isInstanceOf(NoBackendException.class)
        .hasMessage("the lacking backend cannot run here: it lacks a card. Buy one");
    assertThatThrownBy(() -> Backends.choose("none", providers()))
        .hasMessage(
            "no backend is called \"none\"; there are: auto, broken, lacking, slow, slower");
  }
}

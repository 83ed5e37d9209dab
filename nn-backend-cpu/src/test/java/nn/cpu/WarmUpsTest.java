package nn.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import nn.cpu.codegen.Cold;
import nn.cpu.thread.Team;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WarmUpsTest {
  private final WarmUps warmUps = new WarmUps();

  /** Counts how often it is warmed up. */
  private static final class Counted implements Cold {
    private final AtomicInteger times = new AtomicInteger();

    @Override
    public void warmUp() {
      times.incrementAndGet();
    }

    @Override
    public void warmUpMore() {
      times.addAndGet(100);
    }
  }

  @AfterEach
  void forgetTheInterrupt() {
    Thread.interrupted();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9})
  void eachIsWarmedUpOnceWhileOthersAreAdded(int threads) {
    List<Counted> all = new ArrayList<>();
    try (Team team = new Team(threads)) {
      team.run(
          (part, parts) -> {
            if (part == 0) {
              for (int i = 0; i < 100; i++) {
                List<Counted> some = Stream.generate(Counted::new).limit(i % 3).toList();
                all.addAll(some);
                warmUps.add(List.copyOf(some));
              }
              warmUps.end();
            }
            warmUps.warmUp();
          },
          threads);
    }
    warmUps.warmUpMore();
    assertThat(all).hasSize(99).allSatisfy(cold -> assertThat(cold.times).hasValue(101));
  }

  @Test
  void whatIsAbandonedIsNotWarmedUp() {
    Counted cold = new Counted();
    warmUps.add(List.of(cold));
    warmUps.abandon();
    warmUps.warmUp();
    assertThat(cold.times).hasValue(0);
  }

  @Test
  void anInterruptedThreadDoesNotWaitForMore() {
    Counted cold = new Counted();
    warmUps.add(List.of(cold));
    Thread.currentThread().interrupt();
    warmUps.warmUp();
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(cold.times).hasValue(1);
  }

  @Test
  void whatThrowsEndsItsThreadAlone() {
    Cold broken =
        new Cold() {
          @Override
          public void warmUp() {
            throw new IllegalStateException("broken");
          }

          @Override
          public void warmUpMore() {}
        };
    Counted other = new Counted();
    warmUps.add(List.of(broken, other));
    warmUps.end();
    assertThatThrownBy(warmUps::warmUp).hasMessage("broken");
    warmUps.warmUp();
    assertThat(other.times).hasValue(1);
  }
}

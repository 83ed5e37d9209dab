package nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SchedulesTest {
  private static final Offset<Double> CLOSE = offset(1e-15);
  private static final long TOTAL = 100;

  private static double rate(Schedule schedule, long step) {
    return schedule.rate(0.1, step, TOTAL);
  }

  @Test
  void constant() {
    assertThat(rate(Schedules.constant(), 0)).isEqualTo(0.1);
    assertThat(rate(Schedules.constant(), 99)).isEqualTo(0.1);
  }

  @Test
  void step() {
    Schedule schedule = Schedules.step(30, 0.5);
    assertThat(rate(schedule, 29)).isEqualTo(0.1);
    assertThat(rate(schedule, 30)).isEqualTo(0.05);
    assertThat(rate(schedule, 59)).isEqualTo(0.05);
    assertThat(rate(schedule, 99)).isEqualTo(0.0125);
  }

  @Test
  void exponential() {
    Schedule schedule = Schedules.exponential(0.9);
    assertThat(rate(schedule, 0)).isEqualTo(0.1);
    assertThat(rate(schedule, 1)).isEqualTo(0.09, CLOSE);
    assertThat(rate(schedule, 10)).isEqualTo(0.1 * Math.pow(0.9, 10), CLOSE);
  }

  @Test
  void cosine() {
    assertThat(rate(Schedules.cosine(), 0)).isEqualTo(0.1);
    assertThat(rate(Schedules.cosine(), 50)).isEqualTo(0.05, CLOSE);
    assertThat(rate(Schedules.cosine(), 100)).isEqualTo(0, CLOSE);
    assertThat(rate(Schedules.cosine(0.2), 50)).isEqualTo(0.06, CLOSE);
    assertThat(rate(Schedules.cosine(0.2), 100)).isEqualTo(0.02, CLOSE);
    assertThat(rate(Schedules.cosine(0.2), 1000)).isEqualTo(0.02, CLOSE);
    falls(Schedules.cosine(), 0, TOTAL);
  }

  private static void falls(Schedule schedule, long from, long to) {
    assertThat(LongStream.range(from, to))
        .allMatch(step -> rate(schedule, step + 1) < rate(schedule, step));
  }

  @Test
  void oneCycle() {
    Schedule schedule = Schedules.oneCycle(0.3);
    assertThat(rate(schedule, 0)).isEqualTo(0.004, CLOSE);
    assertThat(rate(schedule, 15)).isEqualTo(0.052, CLOSE);
    assertThat(rate(schedule, 30)).isEqualTo(0.1, CLOSE);
    assertThat(rate(schedule, 100)).isEqualTo(0.1 / 250_000, CLOSE);
    assertThat(LongStream.range(0, 30))
        .allMatch(step -> rate(schedule, step + 1) > rate(schedule, step));
    falls(schedule, 30, TOTAL);
  }

  @Test
  void warmUpComesBeforeTheWholeOfAnother() {
    Schedule schedule = Schedules.warmUp(20, Schedules.cosine());
    assertThat(rate(schedule, 0)).isEqualTo(0.1 / 21, CLOSE);
    assertThat(rate(schedule, 19)).isEqualTo(0.1 * 20 / 21, CLOSE);
    assertThat(rate(schedule, 20)).isEqualTo(0.1);
    assertThat(rate(schedule, 60)).isEqualTo(0.05, CLOSE);
    assertThat(rate(schedule, 100)).isEqualTo(0, CLOSE);
    assertThat(rate(Schedules.warmUp(0, Schedules.cosine()), 0)).isEqualTo(0.1);
    assertThat(rate(Schedules.warmUp(200, Schedules.cosine()), 99)).isLessThan(0.1);
  }

  @Test
  void nothingToDoIsNoProblem() {
    assertThat(Schedules.cosine().rate(0.1, 0, 0)).isEqualTo(0.1);
    assertThat(Schedules.oneCycle(0.3).rate(0.1, 0, 0)).isEqualTo(0.004, CLOSE);
  }

  @Test
  void impossibleSettingsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Schedules.step(0, 0.5));
    assertThatIllegalArgumentException().isThrownBy(() -> Schedules.exponential(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> Schedules.cosine(2));
    assertThatIllegalArgumentException().isThrownBy(() -> Schedules.oneCycle(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schedules.warmUp(-1, Schedules.constant()));
  }
}

package nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchesTest {

  @ParameterizedTest
  @CsvSource({"60000,128,468,96,469", "100,100,1,0,1", "5,8,0,5,1", "9,4,2,1,3", "1,1,1,0,1"})
  void countsFullBatchesAndTheShortOne(int examples, int size, int full, int remainder, int count) {
    Batches batches = new Batches(examples, size);
    assertThat(batches.full()).isEqualTo(full);
    assertThat(batches.remainder()).isEqualTo(remainder);
    assertThat(batches.count()).isEqualTo(count);
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "7", "1000"})
  void anEpochSeesEveryExampleOnce(int examples) {
    for (int epoch = 0; epoch < 5; epoch++) {
      int[] order = new Batches(examples, 3).epochOrder(11, epoch);
      Arrays.sort(order);
      assertThat(order).isEqualTo(IntStream.range(0, examples).toArray());
    }
  }

  @Test
  void seedAndEpochDecide() {
    Batches batches = new Batches(100, 10);
    int[] order = batches.epochOrder(1, 0);
    assertThat(order)
        .isEqualTo(new Batches(100, 7).epochOrder(1, 0))
        .isNotEqualTo(batches.epochOrder(1, 1))
        .isNotEqualTo(batches.epochOrder(2, 0));
    assertThat(batches.epochDraws(1, 0, 10))
        .isEqualTo(batches.epochDraws(1, 0, 10))
        .isNotEqualTo(batches.epochDraws(1, 1, 10))
        .isNotEqualTo(batches.epochDraws(2, 0, 10));
  }

  /** Results that were published must come out again: these numbers may not change. */
  @Test
  void ordersAreTheSameOnEveryJdk() {
    assertThat(new Batches(10, 2).epochOrder(42, 3)).containsExactly(5, 9, 3, 8, 1, 6, 4, 2, 0, 7);
    assertThat(new Batches(1000, 4).epochDraws(42, 3, 2))
        .containsExactly(922, 767, 454, 243, 50, 11, 144, 683);
  }

  /** Chi squared over the places of each example; the seed is fixed, so this cannot fluctuate. */
  @Test
  void everyExampleIsEquallyLikelyAtEveryPlace() {
    int n = 8;
    int epochs = 8000;
    int[][] counts = new int[n][n];
    Batches batches = new Batches(n, 1);
    for (int epoch = 0; epoch < epochs; epoch++) {
      int[] order = batches.epochOrder(0, epoch);
      for (int place = 0; place < n; place++) {
        counts[place][order[place]]++;
      }
    }
    double expected = (double) epochs / n;
    double chiSquared = 0;
    for (int[] row : counts) {
      for (int count : row) {
        chiSquared += (count - expected) * (count - expected) / expected;
      }
    }
    assertThat(chiSquared).isLessThan(85.4); // 49 degrees of freedom, 0.1 %
  }

  @Test
  void drawsAreUniformAndRepeat() {
    int[] draws = new Batches(10, 100).epochDraws(3, 0, 100);
    assertThat(draws).hasSize(10_000);
    double chiSquared = 0;
    for (int value = 0; value < 10; value++) {
      int wanted = value;
      double off = IntStream.of(draws).filter(draw -> draw == wanted).count() - 1000.0;
      chiSquared += off * off / 1000;
    }
    assertThat(chiSquared).isLessThan(27.9); // 9 degrees of freedom, 0.1 %
    assertThat(new Batches(10_000, 100).epochDraws(3, 0, 100))
        .as("with replacement")
        .satisfies(order -> assertThat(IntStream.of(order).distinct().count()).isLessThan(7000));
  }

  @Test
  void refusesNothingToDraw() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Batches(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Batches(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Batches(1, 1).epochOrder(0, -1));
  }
}

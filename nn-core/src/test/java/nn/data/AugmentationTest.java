package nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AugmentationTest {
  private static final int ROWS = 5;
  private static final int COLS = 7;
  private static final int CHANNELS = 3;
  private static final int FEATURES = ROWS * COLS * CHANNELS;

  private static Dataset data(int size) throws DataException {
    byte[] images = new byte[size * FEATURES];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) (1 + random.nextInt(255));
    }
    return Dataset.of("noise", ROWS, COLS, CHANNELS, 2, images, new int[size]);
  }

  @Test
  void eachImageIsAShiftOfItsOriginal() throws DataException {
    Dataset data = data(200);
    byte[] moved = Augmentation.shift(2).images(data, 3, 0);
    boolean[][] seen = new boolean[5][5];
    for (int i = 0; i < data.size(); i++) {
      seen(data, moved, i, seen);
    }
    for (boolean[] row : seen) {
      assertThat(row).as("every shift occurs").doesNotContain(false);
    }
  }

  private static void seen(Dataset data, byte[] moved, int image, boolean[][] seen) {
    int found = 0;
    for (int down = -2; down <= 2; down++) {
      for (int right = -2; right <= 2; right++) {
        if (isShift(data, moved, image, down, right)) {
          seen[down + 2][right + 2] = true;
          found++;
        }
      }
    }
    assertThat(found).isOne();
  }

  private static boolean isShift(Dataset data, byte[] moved, int image, int down, int right) {
    for (int i = 0; i < FEATURES; i++) {
      int row = i / (COLS * CHANNELS) - down;
      int col = i / CHANNELS % COLS - right;
      boolean inside = row >= 0 && row < ROWS && col >= 0 && col < COLS;
      int from = (row * COLS + col) * CHANNELS + i % CHANNELS;
      byte expected = inside ? data.images()[image * FEATURES + from] : 0;
      if (moved[image * FEATURES + i] != expected) {
        return false;
      }
    }
    return true;
  }

  @Test
  void followsFromSeedAndEpoch() throws DataException {
    Augmentation shift = Augmentation.shift(1);
    Dataset data = data(50);
    assertThat(shift.images(data, 1, 4)).isEqualTo(shift.images(data, 1, 4));
    assertThat(shift.images(data, 1, 4)).isNotEqualTo(shift.images(data, 1, 5));
    assertThat(shift.images(data, 1, 4)).isNotEqualTo(shift.images(data, 2, 4));
  }

  @Test
  void aShiftBeyondTheImageLeavesItBlack() throws DataException {
    Dataset data = data(40);
    byte[] moved = Augmentation.shift(50).images(data, 1, 0);
    int black = 0;
    for (int i = 0; i < data.size(); i++) {
      byte[] image = Arrays.copyOfRange(moved, i * FEATURES, (i + 1) * FEATURES);
      black += Arrays.equals(image, new byte[FEATURES]) ? 1 : 0;
    }
    assertThat(black).isGreaterThan(30);
    assertThatThrownBy(() -> Augmentation.shift(0)).hasMessageContaining("at least 1 pixel");
  }
}

package nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MnistMiniTest {

  @Test
  void holdsEveryClassEvenly() throws DataException {
    Mnist mini = Mnist.mini();
    assertThat(mini.name()).isEqualTo("mnist-mini");
    assertEven(mini.train(), 600);
    assertEven(mini.test(), 100);
  }

  private static void assertEven(Dataset data, int perClass) {
    assertThat(data.size()).isEqualTo(10 * perClass);
    assertThat(data.rows()).isEqualTo(28);
    assertThat(data.cols()).isEqualTo(28);
    assertThat(data.features()).isEqualTo(784);
    for (int digit = 0; digit < 10; digit++) {
      int wanted = digit;
      assertThat(IntStream.of(data.labels()).filter(label -> label == wanted).count())
          .isEqualTo(perClass);
    }
  }

  @Test
  void takesAtMostTwoMebibytes() throws IOException {
    long bytes = 0;
    for (MnistFile file : MnistFile.values()) {
      String resource = "mnist-mini/" + file.fileName() + ".gz";
      try (InputStream in = Mnist.class.getResourceAsStream(resource)) {
        assertThat(in).as(resource).isNotNull();
        bytes += in == null ? 0 : in.readAllBytes().length;
      }
    }
    assertThat(bytes).isBetween(1L << 19, 2L << 20);
  }

  /** Ink is darker in the middle than at the rim: the pixels are digits, not noise. */
  @Test
  void holdsDigits() throws DataException {
    byte[] images = Mnist.mini().train().images();
    long rim = 0;
    long middle = 0;
    for (int i = 0; i < images.length; i++) {
      int row = i % 784 / 28;
      int col = i % 28;
      int ink = Byte.toUnsignedInt(images[i]);
      rim += row < 3 || row > 24 || col < 3 || col > 24 ? ink : 0;
      middle += row > 9 && row < 18 && col > 9 && col < 18 ? ink : 0;
    }
    assertThat(middle).isGreaterThan(20 * rim);
  }

  @Test
  void theDrawTakesTheFirstOfEachClass() throws DataException {
    int[] labels = {0, 1, 1, 1, 0, 0, 1};
    byte[] images = {0, 1, 2, 3, 4, 5, 6};
    Dataset all = Dataset.of("all", 1, 1, 1, 2, images, labels);
    assertThat(MakeMnistMini.evenly(all, 2).images()).containsExactly(0, 1, 2, 4);
    assertThatIllegalArgumentException().isThrownBy(() -> MakeMnistMini.evenly(all, 4));
  }
}

package nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import nn.data.Idx.ElementType;
import org.junit.jupiter.api.Test;

class DatasetTest {

  private static final int ROWS = 3;
  private static final int COLS = 2;

  /** Example i has label i mod 4 and every byte i. */
  private static Dataset numbered(int size) throws DataException {
    byte[] images = new byte[size * ROWS * COLS];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      Arrays.fill(images, i * ROWS * COLS, (i + 1) * ROWS * COLS, (byte) i);
      labels[i] = i % 4;
    }
    return Dataset.of("numbered", ROWS, COLS, 1, 4, images, labels);
  }

  private static int[] numbers(Dataset data) {
    int[] numbers = new int[data.size()];
    for (int i = 0; i < numbers.length; i++) {
      byte[] image =
          Arrays.copyOfRange(data.images(), i * data.features(), (i + 1) * data.features());
      numbers[i] = Byte.toUnsignedInt(image[0]);
      assertThat(image).containsOnly(image[0]);
      assertThat(data.labels()[i]).isEqualTo(numbers[i] % 4);
    }
    return numbers;
  }

  @Test
  void partsKeepImagesWithTheirLabels() throws DataException {
    Dataset data = numbered(50);
    assertThat(numbers(data.subset(7, 11))).containsExactly(7, 8, 9, 10);
    assertThat(numbers(data.take(3))).containsExactly(0, 1, 2);
    assertThat(numbers(data.select(new int[] {9, 9, 2}))).containsExactly(9, 9, 2);
    assertThat(data.subset(4, 4).size()).isZero();
    assertThatThrownBy(() -> data.take(51)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void shufflesByTheSeed() throws DataException {
    Dataset data = numbered(50);
    int[] once = numbers(data.shuffled(5));
    assertThat(once).isEqualTo(numbers(data.shuffled(5))).isNotEqualTo(numbers(data.shuffled(6)));
    assertThat(once).doesNotHaveDuplicates().hasSize(50);
  }

  @Test
  void readsShapesFromIdx() throws DataException {
    Idx labels = Idx.of(ElementType.I16, new int[] {2}, new byte[] {0, 1, 0, 2});
    Idx grey = Idx.of(ElementType.U8, new int[] {2, 4, 5}, new byte[40]);
    Dataset one = Dataset.of("grey", grey, labels, 3);
    assertThat(one.channels()).isEqualTo(1);
    assertThat(one.features()).isEqualTo(20);
    assertThat(one.labels()).containsExactly(1, 2);
    Idx colour = Idx.of(ElementType.U8, new int[] {2, 4, 5, 3}, new byte[120]);
    Dataset three = Dataset.of("colour", colour, labels, 3);
    assertThat(three.channels()).isEqualTo(3);
    assertThat(three).hasToString("colour: 2 images of 4x5x3, 3 classes");
  }

  @Test
  void refusesImagesAndLabelsThatDisagree() {
    Idx images = Idx.of(ElementType.U8, new int[] {3, 1, 1}, new byte[3]);
    Idx labels = Idx.of(ElementType.U8, new int[] {2}, new byte[2]);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Dataset.of("set", images, labels, 10))
        .withMessageContaining("3 images, 2 labels");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Dataset.of("set", 2, 2, 1, 10, new byte[11], new int[3]))
        .withMessageContaining("take 12 bytes, 11 found");
  }

  @Test
  void refusesWhatIsNoImageOrLabel() {
    Idx flat = Idx.of(ElementType.U8, new int[] {3, 1}, new byte[3]);
    Idx floats = Idx.of(ElementType.F32, new int[] {3, 1, 1}, new byte[12]);
    Idx labels = Idx.of(ElementType.U8, new int[] {3}, new byte[3]);
    for (Idx images : new Idx[] {flat, floats}) {
      assertThatExceptionOfType(DataException.class)
          .isThrownBy(() -> Dataset.of("set", images, labels, 10))
          .withMessageContaining("images must be U8");
    }
    Idx images = Idx.of(ElementType.U8, new int[] {3, 1, 1}, new byte[3]);
    for (Idx wrong : new Idx[] {flat, Idx.of(ElementType.F64, new int[] {3}, new byte[24])}) {
      assertThatExceptionOfType(DataException.class)
          .isThrownBy(() -> Dataset.of("set", images, wrong, 10))
          .withMessageContaining("labels must be integers");
    }
  }

  @Test
  void refusesLabelsOutOfRange() {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Dataset.of("set", 1, 1, 1, 10, new byte[3], new int[] {9, 10, 0}))
        .withMessageContaining("label 1 is 10, outside 0 to 9");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Dataset.of("set", 1, 1, 1, 10, new byte[1], new int[] {-1}))
        .withMessageContaining("label 0 is -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dataset.of("set", 0, 1, 1, 10, new byte[0], new int[0]));
  }
}

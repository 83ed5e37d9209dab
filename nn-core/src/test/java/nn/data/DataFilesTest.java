package nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DataFilesTest {
  @TempDir private Path folder;

  @Test
  void readsFourIdxFilesWithNamesOfClasses() throws IOException {
    writeIdx("train", 7, 3);
    writeIdx("t10k", 4, 2);
    Files.writeString(folder.resolve("classes.txt"), "shirt\ncoat\n\nshoe\n");
    TrainTest data = DataFiles.load(folder);
    assertThat(data.train().size()).isEqualTo(7);
    assertThat(data.test().size()).isEqualTo(4);
    assertThat(data.test().classNames()).containsExactly("shirt", "coat", "shoe");
    assertThat(data.train().images()[5 * 6 + 1]).isEqualTo((byte) 31);
    assertThat(data.train().labels()).containsExactly(0, 1, 2, 0, 1, 2, 0);
    Files.writeString(folder.resolve("classes.txt"), "shirt\ncoat");
    fails(folder, "names 2 classes, but the labels have 3");
  }

  private void writeIdx(String part, int count, int classes) throws IOException {
    byte[] images = new byte[count * 6];
    byte[] labels = new byte[count];
    for (int i = 0; i < images.length; i++) {
      images[i] = (byte) i;
      labels[i / 6] = (byte) (i / 6 % classes);
    }
    Idx.of(Idx.ElementType.U8, new int[] {count, 2, 3}, images)
        .write(folder.resolve(part + "-images-idx3-ubyte.gz"));
    Idx.of(Idx.ElementType.U8, new int[] {count}, labels)
        .write(folder.resolve(part + "-labels-idx1-ubyte"));
  }

  @Test
  void readsCifar10() throws IOException {
    Path home = Files.createDirectory(folder.resolve("cifar-10-batches-bin"));
    for (int batch = 1; batch <= 6; batch++) {
      byte[] bytes = new byte[2 * 3073];
      for (int i = 0; i < bytes.length; i++) {
        int at = i % 3073;
        bytes[i] = (byte) (at == 0 ? batch : 50 * ((at - 1) / 1024) + batch);
      }
      String name = batch == 6 ? "test_batch.bin" : "data_batch_" + batch + ".bin";
      Files.write(home.resolve(name), bytes);
    }
    Files.writeString(home.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
    TrainTest data = DataFiles.load(folder);
    assertThat(data.train().labels()).containsExactly(1, 1, 2, 2, 3, 3, 4, 4, 5, 5);
    assertThat(data.train().toString()).contains("10 images of 32x32x3, 10 classes");
    assertThat(data.test().classNames()).startsWith("a", "b").hasSize(10);
    byte[] pixels = data.test().images();
    assertThat(new int[] {pixels[0], pixels[1], pixels[2], pixels[3]})
        .containsExactly(6, 56, 106, 6);
    Files.write(home.resolve("data_batch_3.bin"), new byte[3072]);
    fails(folder, "data_batch_3.bin: has 3072 bytes, no multiple of the 3073");
    Files.delete(home.resolve("data_batch_2.bin"));
    fails(folder, "data_batch_2.bin: missing");
  }

  @Test
  void readsCsvWithAndWithoutHeader() throws IOException {
    Files.writeString(folder.resolve("train.csv"), "a,b,c,d,label\n1,2,3,4,0\n5,6,7,255,1\n");
    Files.writeString(folder.resolve("test.csv"), "2, 9,8,7,6\r\n");
    TrainTest data = DataFiles.load(folder);
    assertThat(data.train().toString()).contains("2 images of 2x2x1, 3 classes");
    assertThat(data.train().images()).containsExactly(1, 2, 3, 4, 5, 6, 7, -1);
    assertThat(data.train().labels()).containsExactly(0, 1);
    assertThat(data.test().images()).containsExactly(9, 8, 7, 6);
    assertThat(data.test().labels()).containsExactly(2);
  }

  @Test
  void oneFileIsSplit() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 18; i++) {
      lines.append(i % 2).append(",").append(i).append(",0,0\n");
    }
    Path file = Files.writeString(folder.resolve("mine.csv"), lines);
    TrainTest data = DataFiles.load(file);
    assertThat(data.test().size()).isEqualTo(3);
    assertThat(data.train().size()).isEqualTo(15);
    assertThat(data.train().toString()).startsWith("mine.csv").contains("1x3x1");
    assertThat(data.source()).contains("mine.csv", "held out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0,1,2\\n1,2,300|line 2: 300 is over 255",
        "0,1,2\\n1,2,x|line 2: \"x\" is no whole number",
        "0,1,2\\n1,2,-1|line 2: \"-1\" is no whole number",
        "0,1,2\\n1,2|line 2: 2 columns, where the first line has 3",
        "0,1,2\\n1,2,3,4|line 2: 4 columns, where the first line has 3",
        "label\\n1|line 1: one column",
        "' '|is empty",
        "0,1\\n1,2|too few to learn from"
      })
  void aBadCsvFileIsToldOf(String text, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.csv"), text.replace("\\n", "\n"));
    fails(file, message);
    assertThatThrownBy(() -> DataFiles.load(file)).hasMessageContaining("bad.csv");
  }

  @Test
  void readsAFolderOfImages() throws IOException {
    for (String part : List.of("train", "test")) {
      draw(part + "/cat/1.png", BufferedImage.TYPE_BYTE_GRAY, 10);
      draw(part + "/dog/1.png", BufferedImage.TYPE_INT_RGB, 20);
      draw(part + "/dog/2.gif", BufferedImage.TYPE_INT_RGB, 30);
      Files.writeString(folder.resolve(part + "/dog/notes.txt"), "no image");
    }
    TrainTest data = DataFiles.load(folder);
    assertThat(data.train().classNames()).containsExactly("cat", "dog");
    assertThat(data.train().labels()).containsExactly(0, 1, 1);
    assertThat(data.train().toString()).contains("3 images of 3x4x1");
    assertThat(data.train().images()).startsWith(10, 10).contains(20, 30);
    draw("test/cat/2.png", BufferedImage.TYPE_INT_RGB, 0x102030);
    assertThat(DataFiles.load(folder).train().channels()).as("a colour anywhere").isEqualTo(3);
    assertThat(DataFiles.load(folder).test().images()).contains(0x10, 0x20, 0x30);
  }

  private Path draw(String name, int type, int gray) throws IOException {
    BufferedImage image = new BufferedImage(4, 3, type);
    int rgb = gray > 255 ? gray : 0x010101 * gray;
    for (int i = 0; i < 12; i++) {
      if (type == BufferedImage.TYPE_BYTE_GRAY) {
        image.getRaster().setSample(i % 4, i / 4, 0, gray);
      } else {
        image.setRGB(i % 4, i / 4, new Color(rgb).getRGB());
      }
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    assertThat(ImageIO.write(image, name.substring(name.length() - 3), file.toFile())).isTrue();
    return file;
  }

  @Test
  void imagesMustBeOfOneSizeAndWhole() throws IOException {
    Path one = draw("a/1.png", BufferedImage.TYPE_INT_RGB, 1);
    Path other = folder.resolve("b/1.png");
    Files.createDirectories(other.getParent());
    ImageIO.write(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB), "png", other.toFile());
    for (int i = 0; i < 6; i++) {
      draw("a/x" + i + ".png", BufferedImage.TYPE_INT_RGB, 1);
    }
    fails(folder, "b/1.png is 9x9 pixels, but");
    byte[] bytes = Files.readAllBytes(one);
    SplittableRandom random = new SplittableRandom(1);
    for (int length = 0; length < bytes.length - 16; length += 1 + random.nextInt(9)) {
      Files.write(one, Arrays.copyOf(bytes, length));
      fails(folder, "a/1.png: is");
    }
  }

  @Test
  void transparentPixelsAreBlackAndGrayStaysAsItIs() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00ffffff);
    image.setRGB(1, 0, 0xff646464);
    Path file = folder.resolve("a.png");
    ImageIO.write(image, "png", file.toFile());
    Picture picture = Picture.read(file);
    assertThat(picture.isGray()).isTrue();
    assertThat(picture.pixels(1)).containsExactly(0, 100);
    assertThat(picture.pixels(3)).containsExactly(0, 0, 0, 100, 100, 100);
  }

  @Test
  void anotherFolderOrNoneIsToldOf() {
    fails(folder, "holds no data set");
    fails(folder.resolve("missing"), "no such file or folder");
  }

  private static void fails(Path path, String message) {
    assertThatThrownBy(() -> DataFiles.load(path))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }
}

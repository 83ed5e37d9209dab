package nn.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * CIFAR-10 (Krizhevsky, 2009) in its binary version: records of a label and 32x32 pixels, the red
 * ones first, then the green and the blue ones.
 */
final class Cifar10 {
  private static final int SIDE = 32;
  private static final int PIXELS = SIDE * SIDE;
  private static final int RECORD = 1 + 3 * PIXELS;
  private static final int CLASSES = 10;
  private static final String TEST = "test_batch.bin";

  private Cifar10() {}

  static boolean isIn(Path folder) {
    return Files.exists(home(folder).resolve(TEST));
  }

  /** The archive unpacks into a folder of its own. */
  private static Path home(Path folder) {
    Path unpacked = folder.resolve("cifar-10-batches-bin");
    return Files.isDirectory(unpacked) ? unpacked : folder;
  }

  static TrainTest read(Path folder) throws IOException {
    Path home = home(folder);
    List<Path> batches =
        IntStream.rangeClosed(1, 5)
            .mapToObj(i -> home.resolve("data_batch_" + i + ".bin"))
            .toList();
    List<String> names = DataFiles.names(home.resolve("batches.meta.txt"), CLASSES);
    return new TrainTest(
        named(dataset(batches), names),
        named(dataset(List.of(home.resolve(TEST))), names),
        home.toString());
  }

  private static Dataset named(Dataset data, List<String> names) {
    return names.isEmpty() ? data : data.withClassNames(names);
  }

  private static Dataset dataset(List<Path> files) throws IOException {
    int count = 0;
    for (Path file : files) {
      count += records(file);
    }
    byte[] images = new byte[count * 3 * PIXELS];
    int[] labels = new int[count];
    int at = 0;
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      for (int from = 0; from < bytes.length; from += RECORD) {
        labels[at] = Byte.toUnsignedInt(bytes[from]);
        interleave(bytes, from + 1, images, at * 3 * PIXELS);
        at++;
      }
    }
    return Dataset.of("cifar-10", SIDE, SIDE, 3, CLASSES, images, labels);
  }

  private static int records(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new DataException(
          file + ": missing; CIFAR-10 has data_batch_1.bin to data_batch_5.bin and " + TEST);
    }
    long length = Files.size(file);
    if (length == 0 || length % RECORD != 0 || length > 100_000L * RECORD) {
      throw new DataException(
          "%s: has %d bytes, no multiple of the %d of a CIFAR-10 record; get the file again"
              .formatted(file, length, RECORD));
    }
    return (int) (length / RECORD);
  }

  private static void interleave(byte[] planes, int from, byte[] pixels, int to) {
    for (int channel = 0; channel < 3; channel++) {
      for (int i = 0; i < PIXELS; i++) {
        pixels[to + 3 * i + channel] = planes[from + channel * PIXELS + i];
      }
    }
  }
}

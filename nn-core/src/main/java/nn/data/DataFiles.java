package nn.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A user's own labelled images, in whatever form they have. What a path holds is told by its files:
 *
 * <ul>
 *   <li>four IDX files named as those of MNIST, plain or gzip, such as Fashion-MNIST; names of the
 *       classes from {@code classes.txt} if there is one;
 *   <li>CIFAR-10 in its binary version;
 *   <li>{@code train.csv} and {@code test.csv}, or one CSV file: a label and pixels in each line;
 *   <li>a folder of images for each class, perhaps below {@code train} and {@code test}.
 * </ul>
 */
public final class DataFiles {
  private DataFiles() {}

  /**
   * Reads a data set.
   *
   * @param path a folder or a CSV file
   * @throws DataException where the path holds nothing of the above, or a file is damaged
   */
  public static TrainTest load(Path path) throws DataException {
    try {
      if (Files.isRegularFile(path)) {
        return TrainTest.split(CsvImages.read(path, name(path)), path.toString());
      }
      if (!Files.isDirectory(path)) {
        throw new DataException(path + ": no such file or folder; check the path");
      }
      return folder(path);
    } catch (DataException e) {
      throw e;
    } catch (IOException e) {
      throw new DataException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static TrainTest folder(Path folder) throws IOException {
    DirectorySource idx = new DirectorySource(folder);
    if (idx.holdsAny()) {
      return idx(idx, folder);
    }
    if (Cifar10.isIn(folder)) {
      return Cifar10.read(folder);
    }
    Path train = folder.resolve("train.csv");
    Path test = folder.resolve("test.csv");
    if (Files.exists(train) && Files.exists(test)) {
      return together(
          CsvImages.read(train, name(folder)), CsvImages.read(test, name(folder)), folder);
    }
    return ImageFolder.read(folder);
  }

  private static TrainTest idx(DirectorySource source, Path folder) throws IOException {
    Idx trainLabels = source.read(MnistFile.TRAIN_LABELS);
    Idx testLabels = source.read(MnistFile.TEST_LABELS);
    int classes = 1 + Math.max(largest(trainLabels), largest(testLabels));
    String name = name(folder);
    return together(
        Dataset.of(name, source.read(MnistFile.TRAIN_IMAGES), trainLabels, classes),
        Dataset.of(name, source.read(MnistFile.TEST_IMAGES), testLabels, classes),
        folder);
  }

  private static int largest(Idx labels) throws DataException {
    if (labels.type() == Idx.ElementType.F32 || labels.type() == Idx.ElementType.F64) {
      throw new DataException("labels must be integers, not " + labels.type());
    }
    return IntStream.of(labels.toInts()).max().orElse(0);
  }

  /** Puts two parts together that must agree, and names their classes. */
  static TrainTest together(Dataset train, Dataset test, Path folder) throws IOException {
    if (train.rows() != test.rows()
        || train.cols() != test.cols()
        || train.channels() != test.channels()) {
      throw new DataException(
          "%s: training and test images differ in size: %s; %s".formatted(folder, train, test));
    }
    int classes = Math.max(train.classes(), test.classes());
    List<String> names = names(folder.resolve("classes.txt"), classes);
    return new TrainTest(
        named(train, classes, names), named(test, classes, names), folder.toString());
  }

  private static Dataset named(Dataset data, int classes, List<String> names) throws DataException {
    Dataset all =
        Dataset.of(
            data.name(),
            data.rows(),
            data.cols(),
            data.channels(),
            classes,
            data.images(),
            data.labels());
    return names.isEmpty() ? all : all.withClassNames(names);
  }

  /** A name a line; empty if there is no such file. */
  static List<String> names(Path file, int classes) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<String> names =
        Files.readAllLines(file, StandardCharsets.UTF_8).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    if (names.size() != classes) {
      throw new DataException(
          "%s: names %d classes, but the labels have %d".formatted(file, names.size(), classes));
    }
    return names;
  }

  /** What reports call the data: the file's or folder's name. */
  static String name(Path path) {
    Path last = path.toAbsolutePath().normalize().getFileName();
    return last == null ? "images" : last.toString();
  }
}

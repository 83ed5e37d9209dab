package nn.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Image files in a folder for each class, whose name is the class's. All have one size; they count
 * as gray if every one of them is.
 */
final class ImageFolder {
  private static final List<String> SUFFIXES = List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp");

  private ImageFolder() {}

  static TrainTest read(Path folder) throws IOException {
    Path train = folder.resolve("train");
    Path test = folder.resolve("test");
    boolean parted = Files.isDirectory(train) && Files.isDirectory(test);
    List<String> classes = classes(parted ? train : folder);
    if (classes.isEmpty()) {
      throw new DataException(
          folder
              + ": holds no data set; there can be the four IDX files that MNIST has, CIFAR-10's"
              + " .bin files, train.csv and test.csv, or a folder of images for each class");
    }
    String name = DataFiles.name(folder);
    if (!parted) {
      List<Labelled> all = list(folder, classes);
      return TrainTest.split(dataset(name, all, classes, isGray(all)), folder.toString());
    }
    List<Labelled> trained = list(train, classes);
    List<Labelled> tested = list(test, classes);
    boolean gray = isGray(trained) && isGray(tested);
    Dataset testData = dataset(name, tested, classes, gray);
    Dataset trainData = dataset(name, trained, classes, gray);
    if (testData.rows() != trainData.rows() || testData.cols() != trainData.cols()) {
      throw new DataException(
          "%s: training and test images differ in size: %s; %s"
              .formatted(folder, trainData, testData));
    }
    return new TrainTest(trainData, testData, folder.toString());
  }

  private record Labelled(Path file, Picture picture, int label) {}

  private static List<String> classes(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .map(DataFiles::name)
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  private static List<Labelled> list(Path folder, List<String> classes) throws IOException {
    List<Labelled> images = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      Path home = folder.resolve(classes.get(label));
      if (!Files.isDirectory(home)) {
        throw new DataException(home + ": no such folder, though the training images have one");
      }
      for (Path file : files(home)) {
        images.add(new Labelled(file, Picture.read(file), label));
      }
    }
    if (images.isEmpty()) {
      throw new DataException(
          "%s: no images in the folders %s; known are %s".formatted(folder, classes, SUFFIXES));
    }
    return images;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(ImageFolder::isImage).sorted().toList();
    }
  }

  private static boolean isImage(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return SUFFIXES.stream().anyMatch(name::endsWith);
  }

  private static boolean isGray(List<Labelled> images) {
    return images.stream().allMatch(image -> image.picture().isGray());
  }

  private static Dataset dataset(
      String name, List<Labelled> images, List<String> classes, boolean gray) throws DataException {
    Labelled first = images.getFirst();
    int rows = first.picture().rows();
    int cols = first.picture().cols();
    int channels = gray ? 1 : 3;
    int features = rows * cols * channels;
    if ((long) features * images.size() > Integer.MAX_VALUE - 8) {
      throw new DataException(
          name + ": the images take more than 2 GiB; use fewer or smaller ones");
    }
    byte[] pixels = new byte[features * images.size()];
    int[] labels = new int[images.size()];
    for (int i = 0; i < labels.length; i++) {
      Labelled image = images.get(i);
      Picture picture = image.picture();
      if (picture.rows() != rows || picture.cols() != cols) {
        throw new DataException(
            "%s is %dx%d pixels, but %s is %dx%d; scale all images to one size"
                .formatted(image.file(), picture.rows(), picture.cols(), first.file(), rows, cols));
      }
      System.arraycopy(picture.pixels(channels), 0, pixels, i * features, features);
      labels[i] = image.label();
    }
    return Dataset.of(name, rows, cols, channels, classes.size(), pixels, labels)
        .withClassNames(classes);
  }
}

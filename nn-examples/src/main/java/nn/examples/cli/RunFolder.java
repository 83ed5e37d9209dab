package nn.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a run leaves its results in. Files are written beside their place first and moved
 * there together at the end, so a run that fails changes nothing, and closing a new folder that is
 * still empty takes it away again.
 */
final class RunFolder implements AutoCloseable {
  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  private static final String STAGING = ".nn-";

  private final Path folder;
  private final boolean created;

  private RunFolder(Path folder, boolean created) {
    this.folder = folder;
    this.created = created;
  }

  /**
   * Makes the folder, and finds out whether it can be written to.
   *
   * @param chosen by the user; null for a new folder below {@code runs}
   * @throws IOException if it cannot be made or written to
   */
  static RunFolder prepare(@Nullable Path chosen, String command) throws IOException {
    boolean fresh = chosen == null || !Files.exists(chosen);
    Path folder = chosen == null ? unused(command) : chosen;
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, STAGING, ".probe"));
    } catch (IOException e) {
      throw new IOException(
          "cannot write results to %s (%s); choose another folder by --out"
              .formatted(folder, Failures.reason(e)),
          e);
    }
    return new RunFolder(folder, fresh);
  }

  /**
   * The folder of a run that is to go on; what a killed process has left half-written is removed.
   *
   * @throws IOException if that cannot be done
   */
  static RunFolder reopen(Path folder) throws IOException {
    try (Stream<Path> leftovers = Files.walk(folder)) {
      List<Path> all =
          leftovers.filter(file -> isUnfinished(folder.relativize(file))).sorted().toList();
      for (Path file : all.reversed()) {
        Files.delete(file);
      }
    }
    return new RunFolder(folder, false);
  }

  /** A staging folder and its files; or a temporary file beside the checkpoint. */
  private static boolean isUnfinished(Path file) {
    String name = file.getName(0).toString();
    return name.startsWith(STAGING) || name.startsWith(Resumption.CHECKPOINT + ".");
  }

  /** Two runs may begin within a second. */
  private static Path unused(String command) {
    String name = command + "-" + LocalDateTime.now(ZoneId.systemDefault()).format(TIMESTAMP);
    Path folder = Path.of("runs", name);
    for (int i = 2; Files.exists(folder); i++) {
      folder = Path.of("runs", name + "-" + i);
    }
    return folder;
  }

  Path path() {
    return folder;
  }

  /** Writes a run's files into the folder it is given. */
  @FunctionalInterface
  interface Content {
    void writeTo(Path folder) throws IOException;
  }

  /** Has the files written, then moves them to their place over files of the same names. */
  void write(Content content) throws IOException {
    Path staging = Files.createTempDirectory(folder, STAGING);
    try {
      content.writeTo(staging);
      for (Path file : filesIn(staging)) {
        Files.move(
            file,
            folder.resolve(file.getFileName()),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      for (Path file : filesIn(staging)) {
        Files.delete(file);
      }
      Files.delete(staging);
    }
  }

  @Override
  public void close() {
    try {
      if (created && filesIn(folder).isEmpty()) {
        Files.delete(folder);
      }
    } catch (IOException e) {
      // An empty folder that stays behind is not worth hiding the failure that led here.
    }
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted(Comparator.naturalOrder()).toList();
    }
  }
}

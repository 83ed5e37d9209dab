package nn.cuda.natives;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Looks into folders; what cannot be read is as if it were not there. */
final class Folders {
  private Folders() {}

  /** The entries whose names match a glob, the newest version first. */
  static List<Path> list(Path folder, String glob) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
        entries.forEach(found::add);
      } catch (IOException | DirectoryIteratorException | UncheckedIOException unreadable) {
        return List.of();
      }
    }
    found.sort(Collections.reverseOrder(Comparator.comparing(Folders::version)));
    return found;
  }

  /** Digits padded, so that 12.10 comes after 12.9. */
  private static String version(Path path) {
    StringBuilder padded = new StringBuilder();
    for (String part : path.toString().split("(?<=\\D)(?=\\d)|(?<=\\d)(?=\\D)")) {
      boolean number = Character.isDigit(part.charAt(0));
      padded.append(number ? "0".repeat(Math.max(0, 8 - part.length())) : "").append(part);
    }
    return padded.toString();
  }

  /** The folders below {@code start} that one glob for each level names. */
  static List<Path> descend(Path start, String... globs) {
    List<Path> level = List.of(start);
    for (String glob : globs) {
      level = level.stream().flatMap(folder -> list(folder, glob).stream()).toList();
    }
    return level.stream().filter(Files::isDirectory).toList();
  }

  static Stream<Path> below(Path home, List<String> folders) {
    return folders.stream().map(home::resolve);
  }
}

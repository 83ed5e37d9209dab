package nn.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A folder with the four files, plain or gzip, in either of the usual namings. */
record DirectorySource(Path directory) implements MnistSource {

  @Override
  public String name() {
    return directory.toString();
  }

  @Override
  public Idx read(MnistFile file) throws DataException {
    if (!Files.isDirectory(directory)) {
      throw new DataException(
          directory
              + (Files.exists(directory) ? ": is not a directory" : ": no such directory")
              + "; name the directory that holds the four files of MNIST");
    }
    Optional<Path> path = find(file);
    if (path.isEmpty()) {
      throw new DataException(
          "%s: has no %s (nor any of %s); put the four files of MNIST there, plain or .gz"
              .formatted(
                  directory, file.fileName(), String.join(", ", file.names().subList(1, 4))));
    }
    return Idx.read(path.get());
  }

  /** Whether any of the four files is there. */
  boolean holdsAny() {
    for (MnistFile file : MnistFile.values()) {
      if (find(file).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private Optional<Path> find(MnistFile file) {
    return file.names().stream().map(directory::resolve).filter(Files::exists).findFirst();
  }
}

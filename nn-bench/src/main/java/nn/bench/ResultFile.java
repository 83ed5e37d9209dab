package nn.bench;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A file that is written once all is measured, and then as a whole. That it can be written is found
 * out before anything is measured.
 */
final class ResultFile implements AutoCloseable {
  private final Path file;
  private final Path partial;

  /**
   * Makes sure of a place in the file's folder.
   *
   * @throws IOException if nothing can be written there
   */
  ResultFile(Path file) throws IOException {
    this.file = file.toAbsolutePath();
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "a folder of that name is in the way");
    }
    partial = this.file.resolveSibling("." + this.file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createFile(partial);
    } catch (IOException e) {
      throw new IOException("cannot write " + file + "; is its folder there, and yours?", e);
    }
  }

  void write(byte[] content) throws IOException {
    Files.write(partial, content);
    Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(partial);
  }
}

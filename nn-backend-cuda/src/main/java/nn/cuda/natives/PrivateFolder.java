package nn.cuda.natives;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import nn.data.AtomicFile;

/**
 * A folder that nobody else can write to: code is loaded from it.
 *
 * @param path where it is
 */
record PrivateFolder(Path path) {
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("----w--w-");

  /**
   * Makes the folder, or sees that the one that is there is private.
   *
   * @throws IOException if it cannot be made, or belongs or is open to somebody else
   */
  static PrivateFolder open(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path);
      PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
      if (view != null) {
        view.setPermissions(PosixFilePermissions.fromString("rwx------"));
      }
    }
    requirePrivate(path);
    return new PrivateFolder(path);
  }

  private static void requirePrivate(Path path) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (view == null) {
      return; // Windows: the user's own folders are private by inheritance
    }
    PosixFileAttributes attributes = view.readAttributes();
    boolean open = attributes.permissions().stream().anyMatch(OTHERS::contains);
    boolean ours = Files.getOwner(ownFile()).equals(attributes.owner());
    if (open || !ours) {
      throw new IOException(
          path + (open ? " can be written to by others" : " belongs to " + attributes.owner()));
    }
  }

  /** A path that always belongs to who runs this process. */
  private static Path ownFile() {
    Path process = Path.of("/proc/self");
    return Files.exists(process) ? process : Path.of(System.getProperty("user.home"));
  }

  /** Sees to it that the folder holds a file of that content; a damaged one is replaced. */
  Path provide(String name, byte[] content) throws IOException {
    Path file = path.resolve(name);
    boolean sound = Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), content);
    if (!sound) {
      AtomicFile.write(file, out -> out.write(content));
    }
    return file;
  }
}

package nn.cuda.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
  @TempDir Path folder;

  @Test
  void isForItsOwnerAlone() throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    Path made = PrivateFolder.open(folder.resolve("a/b")).path();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxr-x"));
    assertThatThrownBy(() -> PrivateFolder.open(made))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("can be written to by others");
  }

  @Test
  void aDamagedFileIsReplacedAndASoundOneLeft() throws IOException {
    PrivateFolder made = PrivateFolder.open(folder.resolve("c"));
    byte[] content = {1, 2, 3};
    Path file = made.provide("x.so", content);
    assertThat(file).hasBinaryContent(content);
    Object before = Files.getAttribute(file, "unix:ino");
    made.provide("x.so", content);
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(before);
    Files.write(file, new byte[] {1, 2});
    assertThat(made.provide("x.so", content)).hasBinaryContent(content);
    try (var files = Files.list(made.path())) {
      assertThat(files).containsExactly(file);
    }
  }
}

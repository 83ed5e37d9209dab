package nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled subset plays MNIST: same files, sums of its own. */
class MnistLoaderTest {

  @TempDir Path folder;

  private final List<String> messages = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();

  /** A source that gives the real files, or, where {@code fault} says something, fails. */
  private MnistSource remote(String name, String fault) {
    return new MnistSource() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Idx read(MnistFile file) throws DataException {
        asked.add(name);
        Idx idx = MiniFiles.idx(file);
        return switch (fault) {
          case "" -> idx;
          case "other bytes" -> Idx.of(idx.type(), idx.shape(), new byte[idx.size()]);
          default -> throw new DataException(fault);
        };
      }
    };
  }

  private MnistLoader loader(MnistSource... remotes) {
    List<Supplier<MnistSource>> suppliers =
        Stream.of(remotes).<Supplier<MnistSource>>map(remote -> () -> remote).toList();
    return new MnistLoader(
        folder.resolve("cache"), suppliers, MnistFile::miniSha256, messages::add);
  }

  @Test
  void theSecondRunAsksNobodyAndSaysNothing() throws IOException {
    MnistLoader loader = loader(remote("far", ""));
    Mnist first = loader.load();
    assertThat(first.source()).isEqualTo("far");
    assertThat(first.name()).isEqualTo("mnist");
    assertThat(messages).containsExactly("getting MNIST from far");
    messages.clear();
    asked.clear();
    Mnist second = loader.load();
    assertThat(second.source()).isEqualTo(folder.resolve("cache").toString());
    assertThat(second.train().images()).isEqualTo(first.train().images());
    assertThat(second.test().labels()).isEqualTo(first.test().labels());
    assertThat(asked).isEmpty();
    assertThat(messages).isEmpty();
  }

  @Test
  void triesOneSourceAfterTheOther() throws IOException {
    MnistLoader loader =
        loader(remote("dead", "no answer"), remote("liar", "other bytes"), remote("good", ""));
    assertThat(loader.load().source()).isEqualTo("good");
    assertThat(messages).hasSize(5);
    assertThat(messages.get(1)).contains("no answer");
    assertThat(messages.get(3))
        .contains("liar: train-images-idx3-ubyte is not that of MNIST")
        .contains(MnistFile.TRAIN_IMAGES.miniSha256());
    assertThat(messages.get(4)).isEqualTo("getting MNIST from good");
  }

  @Test
  void withNothingElseTheSubsetComesWithAWarning() throws IOException {
    Mnist mini = loader(remote("dead", "no answer")).load();
    assertThat(mini.name()).isEqualTo("mnist-mini");
    assertThat(messages.getLast()).startsWith("warning: ").contains("mnist-mini", "6,000", "1,000");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void fetchWithNothingElseFails() {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> loader(remote("dead", "no answer")).fetch(false))
        .withMessageContaining("could not be had");
  }

  @Test
  void forceAsksAgain() throws IOException {
    MnistLoader loader = loader(remote("far", ""));
    loader.fetch(false);
    asked.clear();
    loader.fetch(false);
    assertThat(asked).isEmpty();
    loader.fetch(true);
    assertThat(asked).hasSize(4);
  }

  @Test
  void aDamagedCacheIsMended() throws IOException {
    MnistLoader loader = loader(remote("far", ""));
    loader.load();
    Path labels = folder.resolve("cache").resolve("train-labels-idx1-ubyte");
    byte[] bytes = Files.readAllBytes(labels);
    bytes[100] ^= 1;
    Files.write(labels, bytes);
    messages.clear();
    assertThat(loader.load().source()).isEqualTo("far");
    assertThat(messages.getFirst()).contains("the cache is not usable", "train-labels", "SHA-256");
    Files.delete(labels);
    assertThat(loader.load().source()).isEqualTo("far");
    assertThat(loader.load().source()).isEqualTo(folder.resolve("cache").toString());
  }

  @Test
  void aCacheThatCannotBeWrittenIsOnlyAWarning() throws IOException {
    Files.writeString(folder.resolve("cache"), "a file where the folder should be");
    Mnist mnist = loader(remote("far", "")).load();
    assertThat(mnist.name()).isEqualTo("mnist");
    assertThat(messages.getLast()).startsWith("warning: MNIST cannot be kept in ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "-.gz", ".", "..gz"})
  void aDirectoryMayUseEveryNaming(String naming) throws IOException {
    for (MnistFile file : MnistFile.values()) {
      String stem = file.fileName().substring(0, file.fileName().length() - "-idx1-ubyte".length());
      String suffix = file.fileName().substring(stem.length() + 1);
      String name = stem + naming.charAt(0) + suffix + naming.substring(1);
      MiniFiles.idx(file).write(folder.resolve(name));
    }
    Mnist mnist = loader().fromDirectory(folder);
    assertThat(mnist.source()).isEqualTo(folder.toString());
    assertThat(mnist.train().size()).isEqualTo(6000);
  }

  @Test
  void aDirectoryWithFaultsIsAnError() throws IOException {
    refused(folder, "has no train-images-idx3-ubyte");
    refused(folder.resolve("absent"), "no such directory");
    MiniFiles.write(folder);
    Path images = folder.resolve("t10k-images-idx3-ubyte");
    byte[] bytes = Files.readAllBytes(images);
    refused(images, "is not a directory");
    bytes[5000] ^= 1;
    Files.write(images, bytes);
    refused(folder, "t10k-images-idx3-ubyte is not that of MNIST");
    Files.write(images, Arrays.copyOf(bytes, 5000));
    refused(folder, images + ": truncated");
  }

  private void refused(Path directory, String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> loader(remote("far", "")).fromDirectory(directory))
        .withMessageContaining(message);
    assertThat(asked).as("no other source is tried").isEmpty();
  }

  @Test
  void theCacheLiesWhereTheSystemWantsIt() {
    Path xdg = folder.resolve("xdg");
    String home = folder.toString();
    assertThat(UserCache.folder(Map.of("XDG_CACHE_HOME", xdg.toString()), home, false))
        .isEqualTo(xdg.resolve("nn"));
    Path standard = folder.resolve(".cache").resolve("nn");
    assertThat(UserCache.folder(Map.of("LOCALAPPDATA", xdg.toString()), home, false))
        .isEqualTo(standard);
    assertThat(UserCache.folder(Map.of("LOCALAPPDATA", xdg.toString()), home, true))
        .isEqualTo(xdg.resolve("nn"));
    assertThat(UserCache.folder(Map.of("XDG_CACHE_HOME", "relative"), home, false))
        .isEqualTo(standard);
    assertThat(Mnist.cache()).isEqualTo(UserCache.folder().resolve("mnist"));
  }
}

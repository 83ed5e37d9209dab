package nn.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exit codes and messages: 0 done, 1 failure while running, 2 wrong use. */
class CommandLineTest {
  private final Console console = new Console(100);

  @ParameterizedTest
  @CsvSource({
    "--help, train",
    "train mnist --help, --weight-decay",
    "bench --help, --profile",
    "bench step --help, --prof=",
    "example --help, hyperparameter-search",
    "example overfit --help, --weight-decay",
    "--version, Java",
    "backends, reference",
    "verify --backend reference --verb memory, 0.0",
    "doctor, self-test"
  })
  void answers(String arguments, String expected) {
    assertThat(console.run(arguments.split(" "))).isZero();
    assertThat(console.out()).contains(expected);
    assertThat(console.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train | mnist",
        "train fashion | fashion",
        "fetch | mnist",
        "bench | gemm",
        "trian | train",
        "train mnist --epoch 3 | --epochs",
        "train mnist --batch 0 | --batch must be at least 1, not 0",
        "--verbose train mnist --batch 0 | --batch must be at least 1, not 0",
        "train mnist --epochs 0 | --epochs must be at least 1, not 0",
        "train mnist --lr nan | --lr",
        "train mnist --lr NaN | --lr must be a positive number, not NaN",
        "train mnist --lr 0 | --lr must be a positive number",
        "train mnist --optimizer foo | adagrad, adam, adamw, momentum, nesterov, rmsprop, sgd",
        "train mnist --hidden 10,-1 | --hidden must be widths of at least 1, not -1",
        "train mnist --hidden ten | --hidden",
        "train mnist --dropout 1.5 | --dropout must be from 0 to below 1, not 1.5",
        "train mnist --dropout NaN | --dropout",
        "train mnist --threads 0 | --threads must be at least 1, not 0",
        "train mnist --threads 5000 | 1024",
        "train mnist --precision f16 | f32, tf32, bf16",
        "train mnist --weight-decay -1 | --weight-decay must be 0 or a positive number, not -1",
        "train mnist --clip-norm Infinity | --clip-norm must be 0 or a positive number",
        "train mnist --model lenet | mlp, two-layer, cnn, simple-cnn",
        "train mnist --model cnn --hidden 30 | --hidden has no meaning for --model cnn",
        "train mnist --model simple-cnn --batch-norm | --batch-norm has no meaning",
        "train mnist --model cnn --dropout 0.5 | --dropout has no meaning for --model cnn",
        "train mnist --optimizer adam:0.9:x | \"x\" is no coefficient",
        "train mnist --optimizer adamw:0.9:1 | beta2",
        "train mnist --optimizer sgd:0.9 | no optimizer is called \"sgd:0.9\"",
        "train mnist --activation foo | relu",
        "train mnist --init std:x | --init",
        "train mnist --schedule step:1 | step:STEPS:FACTOR",
        "train mnist --schedule step:0:0.5 | --schedule",
        "train mnist --seed x | --seed",
        "verify --backend tpu | no backend is called \"tpu\"",
        "verify --verb pool | ELEMENTWISE",
        "train mnist --backend tpu | no backend is called \"tpu\"",
        "example | losses, gradient-descent",
        "example nosuch | losses, gradient-descent, linear-regression, two-layer-net",
        "example overfit --dropout 2 | --dropout must be from 0 to below 1, not 2",
        "example overfit --weight-decay -1 | --weight-decay must be 0 or a positive number",
        "example two-layer-net --steps 0 | --steps must be at least 1, not 0",
        "example linear-regression --features 5000 | --features must be from 1 to below 2000",
        "example hyperparameter-search --trials ten | --trials",
        "example hyperparameter-search --parallel 0 | --parallel must be at least 1, not 0",
        "example losses --step 3 | --step",
        "example all --only losses,nosuch | --only must be among activation-histogram, batch-norm",
        "bench gemm --shapes 1,2 | m,n,k",
        "bench --verbose --precision bf16 step | --precision stands before step",
        "bench gemm --chart speeds.gif | must end with .png",
        "bench gemm --threads 0 | --threads must be at least 1",
        "bench step --case lenet | two-layer, mlp, wide, cnn",
        "bench step --mode lazy | plan, eager"
      })
  void saysWhatIsWrongWithTheUse(String arguments, String expected) {
    assertThat(console.run(arguments.split(" "))).isEqualTo(2);
    assertThat(console.err()).startsWith("nn: ").contains(expected);
    assertThat(console.err().lines().count()).as(console.err()).isLessThanOrEqualTo(2);
    assertThat(console.out()).isEmpty();
  }

  @Test
  void aFolderWithoutDataIsAFailure(@TempDir Path folder) {
    Path out = folder.resolve("out");
    int code = console.run("train", "mnist", "--data", folder + "", "--out", out + "");
    assertThat(code).isEqualTo(1);
    assertThat(console.err())
        .contains(folder + "", "train-images-idx3-ubyte")
        .doesNotContain("\tat ");
    assertThat(out).as("a run that fails takes its empty folder away").doesNotExist();
  }

  @Test
  void aTruncatedFileIsAFailure(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("train-images-idx3-ubyte");
    Files.write(
        file, new byte[] {0, 0, 8, 3, 0, 0, (byte) 0xea, 0x60, 0, 0, 0, 28, 0, 0, 0, 28, 1});
    int code = console.run("train", "mnist", "--data", folder + "", "--out", folder + "/out");
    assertThat(code).isEqualTo(1);
    assertThat(console.err()).contains(file + "", "truncated");
  }

  @Test
  void anUnwritableOutIsFoundOutBeforeAnythingIsDone(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    int code = console.run("train", "mnist", "--out", file.resolve("run") + "");
    assertThat(code).isEqualTo(1);
    assertThat(console.err()).startsWith("nn: cannot write results to").contains("--out");
    assertThat(console.out()).isEmpty();
  }

  @Test
  void anUnwritableChartIsFoundOutBeforeAnythingIsMeasured(@TempDir Path folder) {
    int code = console.run("bench", "step", "--chart", folder.resolve("no/chart.png") + "");
    assertThat(code).isEqualTo(1);
    assertThat(console.err()).startsWith("nn: cannot write ").contains("chart.png");
    assertThat(console.out()).isEmpty();
  }

  @Test
  void verboseShowsWhereAFailureHappened(@TempDir Path folder) {
    int code =
        console.run(
            "train",
            "mnist",
            "--verbose",
            "--data",
            folder + "",
            "--out",
            folder.resolve("o") + "");
    assertThat(code).isEqualTo(1);
    assertThat(console.err()).contains("\tat nn.data");
  }
}

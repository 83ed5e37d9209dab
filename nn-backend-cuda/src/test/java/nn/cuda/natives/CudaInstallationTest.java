package nn.cuda.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CudaInstallationTest {
  @TempDir Path root;
  private Machine machine;

  @BeforeEach
  void makeMachine() {
    machine = new Machine(root);
  }

  private CudaUnavailableException problem() {
    return machine.find().problem().orElseThrow();
  }

  @Test
  void withoutADriverItSaysWhereItLookedAndWhatToDo() {
    machine.text("etc/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\n");
    assertThat(problem()).hasMessage("no NVIDIA driver (libcuda.so.1)");
    assertThat(problem().remedy())
        .isEqualTo(
            "Looked in NN_CUDA_HOME (not set), LD_LIBRARY_PATH, the loader's cache, the system's"
                + " folders. With an NVIDIA card: sudo apt install nvidia-driver");
    machine.text("etc/os-release", "ID=ubuntu\nID_LIKE=debian\n");
    assertThat(problem().remedy()).endsWith("sudo ubuntu-drivers install");
    machine.text("etc/os-release", "ID=void\n");
    assertThat(problem().remedy()).endsWith("https://www.nvidia.com/drivers");
    machine.file(".dockerenv");
    assertThat(problem().remedy()).contains("--gpus all");
  }

  @Test
  void namesEachLibraryThatLacks() throws IOException {
    machine
        .driver("580.65.06")
        .variable("CUDA_PATH", "nowhere")
        .file("opt/cuda/lib64/libcublas.so.13");
    assertThat(problem())
        .hasMessage(
            "no complete CUDA toolkit (lacks libcublas.so.12, libnvrtc.so.13, libnvrtc.so.12)");
    assertThat(problem().remedy())
        .startsWith("Looked in NN_CUDA_HOME (not set), CUDA_PATH=" + machine.path("nowhere") + ", ")
        .contains("the loader's cache", "conda", "pip (site-packages/nvidia/*/lib). ")
        .endsWith(
            "Run: python3 -m pip install --target "
                + machine.path("home/ada/.cache/nn/toolkit")
                + " nvidia-cublas nvidia-cuda-nvrtc");
  }

  @Test
  void anOldDriverGetsCuda12() throws IOException {
    machine.driver("550.54.14").toolkit("usr/local/cuda-13.0/lib64", 13);
    assertThat(problem())
        .hasMessageStartingWith("no complete CUDA toolkit (lacks libcublas.so.12, libnvrtc.so.12)");
    assertThat(problem().remedy()).endsWith("nvidia-cublas-cu12 nvidia-cuda-nvrtc-cu12");
    machine.toolkit("usr/local/cuda-12.4/lib64", 12);
    assertThat(machine.find().problem()).isEmpty();
    assertThat(machine.find().toolkit(12).orElseThrow().major()).isEqualTo(12);
  }

  @ParameterizedTest
  @CsvSource({
    "usr/local/cuda-13.0/targets/x86_64-linux/lib, , ",
    "opt/cuda/lib64, , ",
    "usr/lib/x86_64-linux-gnu, , ",
    "mine, NN_CUDA_HOME, mine",
    "toolkit/lib64, CUDA_PATH, toolkit",
    "toolkit/lib64, CUDA_HOME, toolkit",
    "lib, LD_LIBRARY_PATH, lib",
    "env/lib, CONDA_PREFIX, env",
    "opt/conda/lib, , ",
    "home/ada/miniforge3/lib, , ",
    "venv/lib/python3.12/site-packages/nvidia/cu13/lib, VIRTUAL_ENV, venv",
    "home/ada/.local/lib/python3.12/site-packages/nvidia/cu13/lib, , ",
    "usr/local/lib/python3.12/dist-packages/nvidia/cu13/lib, , ",
    "home/ada/.cache/nn/toolkit/nvidia/cu13/lib, , ",
  })
  void findsAToolkitWhereverItMayBe(
      String folder, @Nullable String variable, @Nullable String value) throws IOException {
    machine.driver("580.65.06").toolkit(folder, 13);
    if (variable != null && value != null) {
      machine.variable(variable, value);
    }
    assertThat(machine.find().problem()).isEmpty();
    Toolkit toolkit = machine.find().toolkit(13).orElseThrow();
    assertThat(toolkit.files(Platform.LINUX))
        .containsExactly(
            machine.path(folder + "/libnvrtc-builtins.so.13.0"),
            machine.path(folder + "/libnvrtc.so.13"),
            machine.path(folder + "/libcublasLt.so.13"),
            machine.path(folder + "/libcublas.so.13"));
  }

  @Test
  void findsThePackagesOfThePythonOnThePath() throws IOException {
    String packages = "pyenv/lib/python3.11/site-packages/nvidia/";
    machine
        .driver("535.1.2")
        .file("pyenv/bin/python3")
        .variable("PATH", "pyenv/bin")
        .file(packages + "cublas/lib/libcublas.so.12")
        .file(packages + "cuda_nvrtc/lib/libnvrtc.so.12");
    Toolkit toolkit = machine.find().toolkit(12).orElseThrow();
    assertThat(toolkit.cublas().origin()).startsWith("pip");
    assertThat(toolkit.nvrtc().file().toString()).contains("cuda_nvrtc");
  }

  @Test
  void whatNnCudaHomeHoldsComesFirst() throws IOException {
    machine
        .driver("580.65.06")
        .toolkit("usr/local/cuda-13.0/lib64", 13)
        .toolkit("mine/lib64", 12)
        .file("mine/lib64/libcuda.so.1")
        .variable("NN_CUDA_HOME", "mine");
    CudaInstallation found = machine.find();
    assertThat(found.toolkits()).extracting(Toolkit::major).containsExactly(12, 13);
    assertThat(found.driver().orElseThrow().file())
        .isEqualTo(machine.path("mine/lib64/libcuda.so.1"));
    assertThat(found.driver().orElseThrow().origin()).startsWith("NN_CUDA_HOME=");
  }

  @Test
  void theNewestToolkitOfAPlaceComesFirst() throws IOException {
    machine
        .driver("580.65.06")
        .toolkit("usr/local/cuda-12.9/lib64", 12)
        .toolkit("usr/local/cuda-12.10/lib64", 12);
    assertThat(machine.find().toolkit(13).orElseThrow().cublas().file().toString())
        .contains("cuda-12.10");
  }

  @Test
  void otherPlatformsAndOlderJavasAreTold() {
    machine.of("Mac OS X", "aarch64");
    assertThat(problem()).hasMessageContaining("not for Mac OS X on aarch64");
    machine.of("Linux", "amd64").java("25.0.2");
    assertThat(problem()).hasMessageContaining("JDK-8377811");
    assertThat(problem().remedy()).contains("25.0.3");
    machine.java("26-ea+3");
    assertThat(problem()).hasMessageContaining("libcuda.so.1");
  }

  @Test
  void windowsHasItsOwnNames() {
    machine.of("Windows 11", "amd64");
    assertThat(problem()).hasMessageContaining("nvcuda.dll");
    machine
        .variable("SystemRoot", "Windows")
        .file("Windows/System32/nvcuda.dll")
        .variable("CUDA_PATH", "CUDA/v13.0")
        .file("CUDA/v13.0/bin/x64/cublas64_13.dll")
        .file("CUDA/v13.0/bin/x64/nvrtc64_130_0.dll");
    assertThat(machine.find().problem()).isEmpty();
  }
}

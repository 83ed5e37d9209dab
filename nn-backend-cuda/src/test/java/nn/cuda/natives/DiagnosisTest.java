package nn.cuda.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import nn.backend.Finding;
import nn.cuda.emulator.Emulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosisTest {
  @TempDir Path root;

  @Test
  void tellsWhatLacks() throws IOException {
    Machine machine =
        new Machine(root).driver("550.54.14").toolkit("usr/local/cuda-13.0/lib64", 13);
    assertThat(Diagnosis.of(machine.find()))
        .containsExactly(
            new Finding(
                "driver",
                machine.path("usr/lib/x86_64-linux-gnu/libcuda.so.1")
                    + ", from the system's folders"),
            new Finding(
                "cuBLAS 13",
                machine.path("usr/local/cuda-13.0/lib64/libcublas.so.13")
                    + ", from /usr/local/cuda*"),
            new Finding(
                "NVRTC 13",
                machine.path("usr/local/cuda-13.0/lib64/libnvrtc.so.13")
                    + ", from /usr/local/cuda*"),
            new Finding("cuBLAS 12", "libcublas.so.12 not found"),
            new Finding("NVRTC 12", "libnvrtc.so.12 not found"));
  }

  @Test
  void aDriverThatCannotBeLoadedIsToldAndThrowsNothing() {
    Machine machine =
        new Machine(root)
            .text("mine/libcuda.so.1", "this is no library")
            .toolkit("mine", 12)
            .variable("NN_CUDA_HOME", "mine");
    assertThat(Diagnosis.of(machine.find()))
        .last()
        .satisfies(f -> assertThat(f.detail()).startsWith("failed: cannot load " + root));
  }

  @Test
  void tellsWhatItLoaded() {
    Emulator.require();
    assertThat(Diagnosis.of(CudaInstallation.find()))
        .contains(
            new Finding("driver's CUDA", "12.6"),
            new Finding("NVRTC", "12.6, for compute 7.5, 8.0, 8.6, 9.0"));
  }
}

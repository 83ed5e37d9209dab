package nn.cuda;

import java.util.List;
import java.util.Locale;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.BackendProvider;
import nn.backend.Device;
import nn.backend.Finding;
import nn.backend.NoBackendException;
import nn.backend.Probe;
import nn.cuda.driver.Card;
import nn.cuda.driver.CudaException;
import nn.cuda.natives.CudaInstallation;
import nn.cuda.natives.CudaLibraries;
import nn.cuda.natives.CudaUnavailableException;
import nn.cuda.natives.Diagnosis;
import nn.data.UserCache;

/** Offers the CUDA backend where there are a card of NVIDIA's, its driver, cuBLAS and NVRTC. */
public final class CudaProvider implements BackendProvider {
  static final String NAME = "cuda";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int score() {
    return 100;
  }

  @Override
  public Probe probe() {
    try {
      CudaLibraries.load();
      return Probe.usable(describe(Card.first()));
    } catch (CudaUnavailableException lacking) {
      return Probe.unusable(String.valueOf(lacking.getMessage()), lacking.remedy());
    } catch (CudaException failed) {
      return Probe.unusable(
          String.valueOf(failed.getMessage()),
          "See whether nvidia-smi lists the card, and CUDA_VISIBLE_DEVICES does not hide it.");
    } catch (RuntimeException | LinkageError broken) {
      return Probe.unusable(
          "CUDA's libraries are there but cannot be used: " + broken, "See nn doctor.");
    }
  }

  private static Device describe(Card card) {
    String detail =
        String.format(
            Locale.ROOT,
            "compute %.1f, %d multiprocessors",
            card.architecture() / 10.0,
            card.processors());
    return new Device(NAME, card.name(), detail, 1, card.memoryBytes());
  }

  @Override
  public List<Finding> diagnose() {
    return Diagnosis.of(CudaInstallation.find());
  }

  @Override
  public Backend create(BackendOptions options) {
    Probe probe = probe();
    Device device = probe.device();
    if (device == null) {
      throw new IllegalStateException(
          "the cuda backend cannot run here: " + probe.reason() + ". " + probe.remedy());
    }
    try {
      Session session = new Session(UserCache.folder().resolve("cuda"), options.precision());
      return new CudaBackend(device, session, ProductBinder.MOST_WORK);
    } catch (CudaException failed) {
      throw new NoBackendException(
          "the cuda backend cannot start: "
              + failed.getMessage()
              + ". See nvidia-smi for programs that use up the card, nn doctor for the libraries"
              + " taken; --backend cpu needs neither",
          failed);
    }
  }
}

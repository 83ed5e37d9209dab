package nn.cuda;

import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.BackendProvider;
import nn.backend.Probe;

/**
 * Stands for the CUDA backend, which this version does not contain, so that a user who asks for it
 * is told so rather than that there is no such name.
 */
public final class CudaProvider implements BackendProvider {
  private static final String REASON = "this version of nn does not contain the CUDA backend yet";
  private static final String REMEDY = "Use --backend cpu, or auto for the best that can run";

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public int score() {
    return 100;
  }

  @Override
  public Probe probe() {
    return Probe.unusable(REASON, REMEDY);
  }

  @Override
  public Backend create(BackendOptions options) {
    throw new IllegalStateException(REASON);
  }
}

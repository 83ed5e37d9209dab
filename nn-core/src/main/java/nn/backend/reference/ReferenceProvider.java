package nn.backend.reference;

import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.BackendProvider;
import nn.backend.Probe;

/** Offers the reference backend, the last resort: it runs everywhere. */
public final class ReferenceProvider implements BackendProvider {
  static final String NAME = "reference";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int score() {
    return 0;
  }

  @Override
  public Probe probe() {
    return Probe.usable(ReferenceBackend.describe());
  }

  @Override
  public Backend create(BackendOptions options) {
    return new ReferenceBackend();
  }
}

package nn.tck;

import java.util.List;
import nn.backend.reference.ReferenceBackend;

class ReferenceConformanceTest extends BackendConformanceTest {
  ReferenceConformanceTest() {
    super(ReferenceBackend::new, List.of(ReferenceBackend::new));
  }
}

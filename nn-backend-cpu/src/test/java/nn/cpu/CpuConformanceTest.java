package nn.cpu;

import java.util.List;
import nn.backend.BackendOptions;
import nn.tck.BackendConformanceTest;

class CpuConformanceTest extends BackendConformanceTest {
  CpuConformanceTest() {
    super(
        () -> new CpuProvider().create(new BackendOptions(1)),
        List.of(() -> new CpuProvider().create(new BackendOptions(3))));
  }
}

package nn.cuda.codegen;

/** What a kernel does, apart from sizes and addresses. Kernels that do the same are equal. */
public sealed interface KernelSpec permits ElementwiseSpec, ProductSpec, ReduceSpec, RowsSpec {

  /** The kernel as CUDA C. */
  KernelSource source();
}

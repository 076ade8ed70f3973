using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor gather(Tensor input, long dim, Tensor index) => input.gather(dim, index);

    public static Tensor index_select(Tensor input, long dim, Tensor index) => input.index_select(dim, index);

    public static Tensor masked_select(Tensor input, Tensor mask) => input.masked_select(mask);

    public static Tensor narrow(Tensor input, long dim, long start, long length) => input.narrow(dim, start, length);

    public static Tensor nonzero(Tensor input) => input.nonzero();

    public static Tensor select(Tensor input, long dim, long index) => input.select(dim, index);

    public static Tensor take(Tensor input, Tensor index) => input.take(index);

    public static Tensor scatter(Tensor input, long dim, Tensor index, Tensor src) => input.scatter(dim, index, src);

    public static Tensor scatter_add(Tensor input, long dim, Tensor index, Tensor src) => input.scatter_add(dim, index, src);

    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => index([(TensorIndex)i1]);
            set => index_put_(value, [(TensorIndex)i1]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index([(TensorIndex)i1, i2]);
            set => index_put_(value, [(TensorIndex)i1, i2]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index([(TensorIndex)i1, i2, i3]);
            set => index_put_(value, [(TensorIndex)i1, i2, i3]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index([(TensorIndex)i1, i2, i3, i4]);
            set => index_put_(value, [(TensorIndex)i1, i2, i3, i4]);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        /// <summary>Positions and ranges give a view; index tensors and masks give a copy. As Python's square brackets.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            var view = View(indices, out var tensors);
            if (tensors is null)
                return view;
            using (view)
                return Aten.Call("index.Tensor", view, tensors);
        }

        public Tensor index(params Tensor[] indices) => Aten.Call("index.Tensor", this, indices);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using var view = View(indices, out var tensors);
            if (tensors is not null)
                Aten.Run("index_put_", view, tensors, value, accumulate);
            else if (accumulate)
                view.add_(value);
            else
                view.copy_(value);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            Aten.Update("index_put_", this, indices, value, accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var filler = full([], value, dtype, device);
            return index_put_(filler, indices);
        }

        public Tensor gather(long dim, Tensor index) => Aten.Call("gather", this, dim, index);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Aten.Call("scatter.src", this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Aten.Update("scatter_.src", this, dim, index, src);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Aten.Call("scatter_add", this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Aten.Update("scatter_add_", this, dim, index, src);

        public Tensor index_select(long dim, Tensor index) => Aten.Call("index_select", this, dim, index);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Aten.Update("index_add_", this, dim, index, source, alpha);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Aten.Update("index_copy_", this, dim, index, source);

        public Tensor masked_select(Tensor mask) => Aten.Call("masked_select", this, mask);

        public Tensor masked_fill(Tensor mask, Scalar value) => Aten.Call("masked_fill.Scalar", this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Aten.Update("masked_fill_.Scalar", this, mask, value);

        public Tensor masked_scatter(Tensor mask, Tensor value) => Aten.Call("masked_scatter", this, mask, value);

        public Tensor narrow(long dim, long start, long length) => Aten.Call("narrow", this, dim, start, length);

        public Tensor nonzero() => Aten.Call("nonzero", this);

        public Tensor select(long dim, long index) => Aten.Call("select.int", this, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) => Aten.Call("slice.Tensor", this, dim, start, finish, step);

        public Tensor take(Tensor index) => Aten.Call("take", this, index);

        public Tensor take_along_dim(Tensor indices, long dim) => Aten.Call("take_along_dim", this, indices, dim);

        /// <summary>Applies positions, ranges and new dimensions; the tensors among the indices are left to the caller.</summary>
        /// <param name="tensors">The index tensors by dimension of the view; null without any.</param>
        private Tensor View(TensorIndex[] indices, out Tensor?[]? tensors)
        {
            var view = Aten.Call("alias", this);
            var dim = 0;
            Tensor?[]? found = null;
            for (var i = 0; i < indices.Length; i++)
            {
                var index = indices[i];
                switch (index.Kind)
                {
                    case IndexKind.Position:
                        Replace(ref view, view.select(dim, index.Start!.Value));
                        break;
                    case IndexKind.Slice:
                        Replace(ref view, Aten.Call("slice.Tensor", view, dim, index.Start, index.Stop, index.Step ?? 1));
                        dim++;
                        break;
                    case IndexKind.NewDimension:
                        Replace(ref view, view.unsqueeze(dim));
                        dim++;
                        break;
                    case IndexKind.Ellipsis:
                        dim = (int)view.ndim - indices.Skip(i + 1).Sum(Extent);
                        break;
                    case IndexKind.Truth:
                        Replace(ref view, view.unsqueeze(dim));
                        Note(tensor(index.Start != 0), ref found, dim++);
                        break;
                    case IndexKind.Tensor:
                        Note(index.Indices!, ref found, dim);
                        dim += Extent(index);
                        break;
                }
            }
            tensors = found;
            return view;
        }

        /// <summary>The dimensions of the indexed tensor that an index takes up.</summary>
        private static int Extent(TensorIndex index) => index.Kind switch
        {
            IndexKind.Position or IndexKind.Slice => 1,
            IndexKind.Tensor => index.Indices!.dtype == ScalarType.Bool ? (int)index.Indices.ndim : 1,
            _ => 0,
        };

        private static void Replace(ref Tensor view, Tensor next)
        {
            view.Dispose();
            view = next;
        }

        private static void Note(Tensor index, ref Tensor?[]? tensors, int dim)
        {
            Array.Resize(ref tensors, dim + 1);
            tensors[dim] = index;
        }
    }
}

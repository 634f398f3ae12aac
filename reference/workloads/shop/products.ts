/** An article of the shop. */
export interface Product {
  id: string;
  name: string;
  description: string;
  /** In cents of a US dollar. */
  cents: number;
}

/** What the shop has, in the order of the home page. The first one's id is a page of the tutorial. */
export const products: readonly Product[] = [
  {
    id: 'OLJCESPC7Z',
    name: 'Round sunglasses',
    description: 'Dark glass in a light frame, for bright mornings and brighter afternoons.',
    cents: 2190,
  },
  {
    id: '4KQ7DXNB2M',
    name: 'Canvas tote',
    description: 'Carries a week of vegetables, or one good book and a coat.',
    cents: 3400,
  },
  {
    id: 'T9ZRW3HJ6A',
    name: 'Wristwatch',
    description: 'Two hands, one strap, and nothing that needs charging.',
    cents: 12900,
  },
  {
    id: '8VGMC5YQ1P',
    name: 'Walking shoes',
    description: 'Soft soles for long ways, and a heel that stays quiet on stairs.',
    cents: 8950,
  },
  {
    id: 'B2XNS7KLD4',
    name: 'Desk lamp',
    description: 'A warm cone of light with a joint that holds where it is put.',
    cents: 4600,
  },
  {
    id: 'W6JQF0TRZ8',
    name: 'Teapot',
    description: 'Glazed stoneware for four cups, with a spout that does not drip.',
    cents: 2840,
  },
  {
    id: '3HDPA9MVU5',
    name: 'Sage candle',
    description: 'Burns for thirty hours and smells of a dry hillside.',
    cents: 1250,
  },
  {
    id: 'Q1SLB8EX7C',
    name: 'Linen shirt',
    description: 'Washed until it is soft, and better with every summer.',
    cents: 3900,
  },
  {
    id: 'N5YTK2GWJ0',
    name: 'Fern in a pot',
    description: 'Asks for shade, a little water, and no conversation.',
    cents: 1875,
  },
];

export function productById(id: string): Product | undefined {
  return products.find((product) => product.id === id);
}

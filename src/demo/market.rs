//! Decides where the seller sells: five stores with their currencies, prices, operators and people.

/// A currency and the number of its minor digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Currency {
    pub(super) code: &'static str,
    pub(super) exponent: u32,
}

pub(super) const KES: Currency = Currency { code: "KES", exponent: 2 };
pub(super) const NGN: Currency = Currency { code: "NGN", exponent: 2 };
pub(super) const UGX: Currency = Currency { code: "UGX", exponent: 0 };
pub(super) const XOF: Currency = Currency { code: "XOF", exponent: 0 };
pub(super) const USD: Currency = Currency { code: "USD", exponent: 2 };

/// One store. Amounts are in minor units of its currency.
#[derive(Debug)]
pub(super) struct Store {
    /// Prefix of the order numbers.
    pub(super) code: &'static str,
    pub(super) country: &'static str,
    pub(super) currency: Currency,
    /// What the provider pays out in.
    pub(super) settles_in: Currency,
    /// Of a hundred orders, how many come from here.
    pub(super) share: u64,
    /// Every price is a multiple of this.
    pub(super) step: i64,
    /// Discounts are multiples of this and smaller than `step`.
    pub(super) grain: i64,
    /// What the provider deducts for one payout, in minor units of `settles_in`.
    pub(super) payout_fee: i64,
    pub(super) operators: &'static [&'static str],
    /// Country code and first digits of the phone numbers.
    pub(super) phone: &'static str,
    pub(super) cities: &'static [(&'static str, &'static str, &'static str)],
    pub(super) streets: &'static [&'static str],
    pub(super) first_names: &'static [&'static str],
    pub(super) last_names: &'static [&'static str],
}

/// Index into [`STORES`].
pub(super) type StoreIndex = usize;

pub(super) const STORES: [Store; 5] = [
    Store {
        code: "KE",
        country: "KE",
        currency: KES,
        settles_in: KES,
        share: 30,
        step: 5_000,
        grain: 100,
        payout_fee: 3_000,
        operators: &["M-Pesa", "M-Pesa", "M-Pesa", "Airtel Money"],
        phone: "2547",
        cities: &[
            ("Nairobi", "00100", "Nairobi"),
            ("Mombasa", "80100", "Mombasa"),
            ("Kisumu", "40100", "Kisumu"),
        ],
        streets: &["Kimathi Street", "Moi Avenue", "Ngong Road", "Oginga Odinga Street"],
        first_names: &["Wanjiku", "Otieno", "Akinyi", "Kamau", "Chebet", "Mwende"],
        last_names: &["Mwangi", "Odhiambo", "Njoroge", "Kiptoo", "Wambui", "Mutua"],
    },
    Store {
        code: "NG",
        country: "NG",
        currency: NGN,
        settles_in: USD,
        share: 25,
        step: 30_000,
        grain: 1_000,
        payout_fee: 75,
        operators: &["MTN MoMo", "Airtel Money", "OPay"],
        phone: "2348",
        cities: &[
            ("Lagos", "100001", "Lagos"),
            ("Abuja", "900001", "FCT"),
            ("Kano", "700001", "Kano"),
        ],
        streets: &["Broad Street", "Allen Avenue", "Adeola Odeku Street", "Aminu Kano Crescent"],
        first_names: &["Chinedu", "Ngozi", "Tunde", "Aisha", "Emeka", "Folake"],
        last_names: &["Okafor", "Adeyemi", "Balogun", "Ibrahim", "Eze", "Ogunleye"],
    },
    Store {
        code: "UG",
        country: "UG",
        currency: UGX,
        settles_in: USD,
        share: 15,
        step: 1_500,
        grain: 50,
        payout_fee: 75,
        operators: &["MTN MoMo", "MTN MoMo", "Airtel Money"],
        phone: "2567",
        cities: &[
            ("Kampala", "10101", "Central"),
            ("Entebbe", "11101", "Central"),
            ("Gulu", "61101", "Northern"),
        ],
        streets: &["Kampala Road", "Bombo Road", "Jinja Road", "Portal Avenue"],
        first_names: &["Nakato", "Okello", "Babirye", "Mugisha", "Apio", "Ssebo"],
        last_names: &["Namukasa", "Ochieng", "Kato", "Byaruhanga", "Nalwanga", "Tumusiime"],
    },
    Store {
        code: "CI",
        country: "CI",
        currency: XOF,
        settles_in: XOF,
        share: 15,
        step: 200,
        grain: 5,
        payout_fee: 150,
        operators: &["Orange Money", "MTN MoMo", "Wave", "Moov Money"],
        phone: "2250",
        cities: &[
            ("Abidjan", "01", "Lagunes"),
            ("Bouaké", "01", "Vallée du Bandama"),
            ("Daloa", "12", "Sassandra-Marahoué"),
        ],
        streets: &["Rue des Jardins", "Boulevard Latrille", "Avenue Chardy", "Rue du Commerce"],
        first_names: &["Awa", "Koffi", "Adjoua", "Yao", "Mariam", "N'Guessan"],
        last_names: &["Kouassi", "Traoré", "Koné", "Yapi", "Bamba", "Aké"],
    },
    Store {
        code: "US",
        country: "US",
        currency: USD,
        settles_in: USD,
        share: 15,
        step: 130,
        grain: 1,
        payout_fee: 75,
        operators: &["Visa", "Mastercard"],
        phone: "1202",
        cities: &[
            ("Houston", "77001", "TX"),
            ("Newark", "07101", "NJ"),
            ("Atlanta", "30301", "GA"),
        ],
        streets: &["Main Street", "Oak Avenue", "Peachtree Street", "2nd Avenue"],
        first_names: &["Grace", "Daniel", "Amara", "Joseph", "Linda", "Samuel"],
        last_names: &["Mensah", "Johnson", "Okoro", "Diallo", "Williams", "Abebe"],
    },
];

/// Stores that are paid out in another currency than they sell in.
pub(super) const CONVERTED: [StoreIndex; 2] = [1, 2];
/// Stores that are paid by card, where a payment may be authorised first and captured later.
pub(super) const CARD: [StoreIndex; 1] = [4];
/// Every store.
pub(super) const ANY: [StoreIndex; 5] = [0, 1, 2, 3, 4];

pub(super) fn store(index: StoreIndex) -> &'static Store {
    STORES.get(index).expect("invariant: a store index comes from the lists of this module")
}

/// One article: its price is `points` steps of the store.
#[derive(Debug, Clone, Copy)]
pub(super) struct Product {
    pub(super) name: &'static str,
    pub(super) sku: &'static str,
    pub(super) points: i64,
    pub(super) vendor: &'static str,
}

const fn product(
    name: &'static str,
    sku: &'static str,
    points: i64,
    vendor: &'static str,
) -> Product {
    Product { name, sku, points, vendor }
}

/// Cheap articles first; they are bought most.
pub(super) const PRODUCTS: [Product; 14] = [
    product("USB-C cable, 2 m", "CB-USBC-2M", 7, "Yiwu Direct"),
    product("Phone case 手机壳", "PC-TPU-BLK", 9, "Yiwu Direct"),
    product("Solar lamp", "SL-3W", 12, "Shenzhen Bright"),
    product("Ankara print fabric, 6 yards", "FB-ANK-6Y", 15, "Keqiao Textiles"),
    product("Wireless earbuds", "EB-TWS-01", 18, "Shenzhen Bright"),
    product("Power bank 10,000 mAh", "PB-10K", 22, "Shenzhen Bright"),
    product("Kitchen scale", "KS-5KG", 25, "Yiwu Direct"),
    product("Braiding hair, 10 packs", "HR-BR-10", 30, "Xuchang Hair"),
    product("Electric kettle 1.8 L", "EK-18", 35, "Cixi Home"),
    product("Rice cooker 3 L", "RC-3L", 42, "Cixi Home"),
    product("Blender \"Pro\" 1.5 L", "BL-15", 55, "Cixi Home"),
    product("Lace front wig", "HR-WIG-18", 70, "Xuchang Hair"),
    product("Smart watch", "SW-GT", 90, "Shenzhen Bright"),
    product("Android phone 64 GB", "PH-A64", 120, "Shenzhen Bright"),
];

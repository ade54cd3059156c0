//! Files of past market data.

use okx_common::enums::InstType;

endpoint! {
    /// `GET /public/market-data-history`: links to files of past market data; ten days or months at most.
    GetDataHistory = "public-market-data-history": Public "/public/market-data-history" -> DataFiles {
        required {
            /// What: `1` trades, `2` candles of a minute, `3` funding rates, `4` books of 400 levels, `6` of 50 levels.
            module: String = "module",
            /// Kind of instrument.
            inst_type: InstType = "instType",
            /// `daily` or `monthly`.
            date_aggr_type: String = "dateAggrType",
            /// From this time on, Unix ms.
            begin: u64 = "begin",
            /// Up to this time, Unix ms.
            end: u64 = "end",
        }
        optional {
            /// Instruments, separated by commas (SPOT).
            inst_id_list: String = "instIdList",
            /// Instrument families, separated by commas (contracts).
            inst_family_list: String = "instFamilyList",
        }
    }
}

row! {
    /// Files: `{"dateAggrType":"monthly","details":[],"totalSizeMB":"0","ts":"1756889595507"}`.
    pub struct DataFiles {
        text {
            /// `daily` or `monthly`.
            date_aggr_type,
        }
        dec {
            /// Size of all, MB.
            total_size_mb = "totalSizeMB",
        }
        ms {
            /// When the answer was made, Unix ms.
            ts_ms = "ts",
        }
        list {
            /// By instrument.
            details: DataGroup,
        }
    }
}

row! {
    /// The files of an instrument or family.
    pub struct DataGroup {
        text {
            /// Instrument (SPOT).
            inst_id,
            /// Instrument family (contracts).
            inst_family,
        }
        dec {
            /// Size, MB.
            group_size_mb = "groupSizeMB",
        }
        ms {
            /// From, Unix ms.
            date_range_start_ms = "dateRangeStart",
            /// To, Unix ms.
            date_range_end_ms = "dateRangeEnd",
        }
        opt {
            /// Kind of instrument.
            inst_type: InstType,
        }
        list {
            /// The files.
            group_details: DataFile,
        }
    }
}

row! {
    /// A file.
    pub struct DataFile {
        text {
            /// Its name.
            filename,
            /// Where it is.
            url,
        }
        dec {
            /// Size, MB.
            size_mb = "sizeMB",
        }
        ms {
            /// Day or month, Unix ms.
            date_ts_ms = "dateTs",
        }
    }
}
